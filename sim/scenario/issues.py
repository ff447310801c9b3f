"""Mistakes that only show against the city and the models, each at its line; and what can be checked of a half-wrong file."""

from __future__ import annotations

import types
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import AliasChoices, BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from sim.doors.common import Written
from sim.doors.incident import FIVE_ELEMENTS
from sim.errors import Problem, nearest
from sim.reader import Document, Loc


class Issues:
    """Collects problems of one document; silent about places that the reader has found wrong already."""

    def __init__(self, doc: Document, found: Iterable[Problem] = ()) -> None:
        self.doc = doc
        self.problems: list[Problem] = list(found)
        self._told = {(p.file, p.line, p.column) for p in self.problems}

    def say(self, loc: Loc, what: str, remedy: str = "", *, key: bool = False) -> None:
        """A mistake at a location of the document."""
        problem = self.doc.problem(self._as_written(loc), what, remedy, key=key)
        if (problem.file, problem.line, problem.column) not in self._told and problem not in self.problems:
            self.problems.append(problem)

    def at(self, loc: Loc, error: Exception) -> None:
        """A mistake at a location, in the words of an exception: what is wrong; what would be right."""
        what, _, remedy = str(error).partition("; ")
        self.say(loc, what, remedy)

    def _as_written(self, loc: Loc) -> Loc:
        """The location with the keys that the file has: each of the five elements has two names."""
        written: Loc = ()
        for step in loc:
            other = FIVE_ELEMENTS.get(str(step), "")
            written = (*written, other if (*written, other) in self.doc.values else step)
        return written


class Unknown(ValueError):
    """A name that stands for nothing, or for several things; says what would be right."""


class Names:
    """What things of one kind may be called (id, 中文, English) → their ids."""

    def __init__(self, kind: str, called: Iterable[tuple[str, Sequence[str]]]) -> None:
        self.kind = kind
        self._ids: dict[str, dict[str, None]] = {}  # dicts for sets, so that order never depends on hashes
        for id_, names in called:
            for name in (id_, *names):
                if name:
                    self._ids.setdefault(name, {})[id_] = None
        self._folded = {name.casefold(): name for name in self._ids}

    def all(self, name: str) -> tuple[str, ...]:
        """Every id that may be meant by a name. Raises `Unknown` if there is none."""
        found = self._ids.get(name) or self._ids.get(self._folded.get(name.casefold(), ""))
        if not found:
            near = (
                nearest(name[:100], list(self._ids), 1)
                or [n for n in self._ids if name and (name in n or n in name)][:1]
            )
            hint = f"did you mean '{near[0]}'?" if near else self._some()
            raise Unknown(f"there is no {self.kind} '{name[:40]}'; {hint}")
        return tuple(found)

    def one(self, name: str) -> str:
        """The id that is meant by a name. Raises `Unknown` if there is none or more than one."""
        ids = self.all(name)
        if name in ids:
            return name
        if len(ids) > 1:
            raise Unknown(f"'{name}' may be any of {', '.join(ids)}; write which one")
        return ids[0]

    def _some(self, most: int = 8) -> str:
        names = [name for name, ids in self._ids.items() if name in ids]
        if names and all(name[-1:].isdecimal() for name in names):  # codes say nothing to people
            names = [name for name, ids in self._ids.items() if name not in ids and not name.isascii()] or names
        return (
            f"valid are: {', '.join(names[:most])}{' …' if len(names) > most else ''}"
            if names
            else "none is defined here"
        )


def salvage(kind: Any, data: Any) -> Any:  # noqa: PLR0911 - a shape a line is the plainest
    """As much of `data` as fits the model `kind`; what does not fit is None, so that the rest can be checked all the same."""
    try:
        return _adapter(kind).validate_python(data)
    except ValidationError:
        pass
    while get_origin(kind) is Annotated:
        kind = get_args(kind)[0]
    arguments = get_args(kind)
    if isinstance(data, dict) and isinstance(kind, type) and issubclass(kind, BaseModel):
        return _part_of(kind, data)
    if get_origin(kind) is list and isinstance(data, list):
        return [salvage(arguments[0], item) for item in data]
    if get_origin(kind) is dict and isinstance(data, dict):
        kept = {key: salvage(arguments[1], value) for key, value in data.items()}
        return {key: value for key, value in kept.items() if value is not None}
    if get_origin(kind) in (Union, types.UnionType):
        if isinstance(data, list):
            arguments = tuple(_plain(member) for member in arguments)
            return next((salvage(member, data) for member in arguments if get_origin(member) is list), None)
        models = (member for member in arguments if isinstance(member, type) and issubclass(member, BaseModel))
        parts = (salvage(member, data) for member in models)
        return next((part for part in parts if part is not None), None)
    return None


def _plain(kind: Any) -> Any:
    """A type without the wrapping of Annotated."""
    return get_args(kind)[0] if get_origin(kind) is Annotated else kind


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _part_of(kind: type[BaseModel], data: dict[str, Any]) -> BaseModel:
    values: dict[str, Any] = {}
    known: set[str] = set()
    for name, info in kind.model_fields.items():
        written = [key for key in _keys(name, info) if key in data]
        known.update(written)
        whole: Any = Annotated[(info.annotation, *info.metadata)] if info.metadata else info.annotation
        part = salvage(whole, data[written[0]]) if written else None
        default = None if info.is_required() else info.get_default(call_default_factory=True)
        values[name] = default if part is None else part
    if kind.model_config.get("extra") == "allow":
        extra = {key: salvage(_extra_of(kind), value) for key, value in data.items() if key not in known}
        values |= {key: value for key, value in extra.items() if value is not None}
    return kind.model_construct(**values)


def _extra_of(kind: type[BaseModel]) -> Any:
    return Written if "SpreadEntry" in str(kind.__annotations__.get("__pydantic_extra__", "")) else str


def _keys(name: str, info: FieldInfo) -> list[str]:
    alias = info.validation_alias or info.alias
    if isinstance(alias, AliasChoices):
        return [choice for choice in alias.choices if isinstance(choice, str)]
    return [alias] if isinstance(alias, str) else [name]

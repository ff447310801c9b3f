"""What pydantic finds, in plain sentences with the way out: the one place where its errors are worded.

pydantic names a mistake by type and location. Here the location becomes one of the file (without the labels of union
branches), the branch of a union that was meant is chosen, and each type gets its sentence and its remedy: the nearest valid
key or value, an example from the model.
"""

from __future__ import annotations

import re
import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import AliasChoices, BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from sim.errors import suggest

Loc = tuple[str | int, ...]
MOST_LETTERS = 100  # of a name that is compared with others
MOST_TOLD = 100  # mistakes of one file: whoever made more made one and the same

_PLAIN_KEY = re.compile(r"[^\W]+(?:[-.][^\W]+)*")
_QUOTED = re.compile(r"'([^']*)'")
_SUFFIX = re.compile(r"\s*\[type=.*|\s*For further information.*", re.DOTALL)

# error type -> what was expected, for the types that say no more than that
_EXPECTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_parsing_size": "a whole number of ordinary size",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a finite number",
    "bool_type": "yes or no",
    "bool_parsing": "yes or no",
    "list_type": "a list",
    "tuple_type": "a list",
    "set_type": "a list",
    "dict_type": "a mapping (key: value)",
    "mapping_type": "a mapping (key: value)",
    "model_type": "a mapping (key: value)",
    "model_attributes_type": "a mapping (key: value)",
    "date_type": "a date such as 2024-07-19",
    "date_parsing": "a date such as 2024-07-19",
    "date_from_datetime_parsing": "a date such as 2024-07-19",
    "date_from_datetime_inexact": "a date such as 2024-07-19",
    "datetime_type": "a date and time such as 2024-07-19T02:40:00+08:00",
    "datetime_parsing": "a date and time such as 2024-07-19T02:40:00+08:00",
    "datetime_from_date_parsing": "a date and time such as 2024-07-19T02:40:00+08:00",
    "time_type": "a time of day such as 14:40",
    "time_parsing": "a time of day such as 14:40",
}
_BOUNDS = {
    "greater_than": ("more than", "gt"),
    "greater_than_equal": ("at least", "ge"),
    "less_than": ("less than", "lt"),
    "less_than_equal": ("at most", "le"),
}
_LENGTHS = {
    "too_short": ("at least", "min_length", "entries"),
    "too_long": ("at most", "max_length", "entries"),
    "string_too_short": ("at least", "min_length", "characters"),
    "string_too_long": ("at most", "max_length", "characters"),
}


@dataclass(frozen=True)
class Mistake:
    """One mistake: where in the data, what is wrong, what would be right; `at_key` if the key itself is the mistake.

    `column` is the name a table's reader would look for when a whole value is missing.
    """

    loc: Loc
    what: str
    remedy: str = ""
    at_key: bool = False
    column: str = ""


def wrong(what: str, remedy: str = "", at: Sequence[str | int] = ()) -> PydanticCustomError:
    """The error a validator raises to have its own sentence told, `at` a location below the value it validates."""
    return wrongs([(what, remedy, tuple(at))])


def wrongs(told: Sequence[tuple[str, str, Loc]]) -> PydanticCustomError:
    """As `wrong`, for several mistakes at once: (what, remedy, location below the value)."""
    return PydanticCustomError("told", "{told}", {"told": tuple(told)})


def show(loc: Loc) -> str:
    """A location as people read it: `incidents[0].location.town`."""
    text = ""
    for step in loc:
        if isinstance(step, int):
            text += f"[{step}]"
        elif _PLAIN_KEY.fullmatch(step) and len(step) <= 60:
            text += f".{step}" if text else step
        else:
            text += f"['{step[:60]}']"
    return text


def mistakes(error: ValidationError, model: Any, data: Any) -> list[Mistake]:
    """Every mistake in `data`, which is no `model`, in the order of the data."""
    located = [_Located.of(e, data) for e in error.errors(include_url=False)[:MOST_TOLD]]
    chosen = _branches(located)
    found = [mistake for e in chosen for mistake in _worded(e, model)]
    misspelt = {(m.loc[:-1], m.remedy) for m in found if m.at_key}  # one slip, not also "… is missing"
    kept = [m for m in found if not (m.column and (m.loc, f"did you mean '{m.column}'?") in misspelt)]
    return list(dict.fromkeys(kept))


def known_keys(model: Any, loc: Loc) -> dict[str, FieldInfo]:
    """The keys that may stand in the mapping at a location of a `model`, with what is known of each."""
    found: dict[str, FieldInfo] = {}
    for kind in _kinds_at(model, loc):
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            for name, info in _keys(kind).items():
                found.setdefault(name, info)
    return found


def required_keys(model: Any) -> list[str]:
    """The keys that a model cannot do without."""
    kinds = [kind for kind in _kinds_at(model, ()) if isinstance(kind, type) and issubclass(kind, BaseModel)]
    return [_first(name, info) for kind in kinds for name, info in kind.model_fields.items() if info.is_required()]


# ── where ──


@dataclass(frozen=True)
class _Located:
    """A pydantic error: `loc` in the data, `steps` with the labels of union branches, the branch by where it forks."""

    error: Mapping[str, Any]
    loc: Loc
    steps: Loc
    forks: tuple[tuple[Loc, str], ...]  # (location, label of the branch taken there)

    @classmethod
    def of(cls, error: Mapping[str, Any], data: Any) -> _Located:
        steps: Loc = error["loc"]
        absent = error["type"] == "missing"
        loc: Loc = ()
        forks, here = [], data
        for i, step in enumerate(steps):
            last = i == len(steps) - 1
            if _has(here, step):
                here, loc = here[step], (*loc, step)
            elif isinstance(step, str) and step != "[key]" and not (last and absent):
                forks.append((loc, step))
        return cls(error, loc, steps, tuple(forks))


def _has(data: Any, step: str | int) -> bool:
    if isinstance(data, dict):
        return step in data
    return isinstance(data, list | tuple) and isinstance(step, int) and step < len(data)


def _branches(errors: list[_Located]) -> list[_Located]:
    """Of the errors under each union only those of the branch that was most likely meant: the one that got furthest."""
    forks: dict[Loc, dict[str, list[_Located]]] = {}
    for error in errors:
        for at, label in error.forks:
            forks.setdefault(at, {}).setdefault(label, []).append(error)
    dropped: set[int] = set()
    for at, branches in forks.items():
        best = min(branches.values(), key=lambda branch: _misfit(branch, at))
        dropped.update(id(e) for branch in branches.values() if branch is not best for e in branch)
    return [e for e in errors if id(e) not in dropped]


def _misfit(branch: list[_Located], at: Loc) -> tuple[bool, int, int]:
    """How badly a branch fits: not even the shape, keys that are alien or lacking, mistakes in all."""
    shapeless = any(e.loc == at and e.error["type"].endswith(("_type", "_parsing")) for e in branch)
    alien = sum(e.error["type"] in ("extra_forbidden", "missing") for e in branch)
    return shapeless, alien, len(branch)


# ── the model along a location ──


def _kinds_at(model: Any, loc: Loc) -> list[Any]:
    """The types that may stand at a location; labels of union branches in `loc` narrow the choice."""
    kinds = _alternatives(model)
    for step in loc:
        further = [kind for at in kinds for kind in _below(at, step)]
        named = [kind for kind in kinds if getattr(kind, "__name__", None) == step]
        kinds = further or named or kinds
    return kinds


def _below(kind: Any, step: str | int) -> list[Any]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        info = _keys(kind).get(str(step))
        return _alternatives(info.annotation) if info else []
    arguments = [a for a in get_args(kind) if a is not Ellipsis]
    origin = get_origin(kind)
    if not arguments or not isinstance(origin, type):
        return []
    if issubclass(origin, Mapping):
        return _alternatives(arguments[-1]) if isinstance(step, str) else []
    if issubclass(origin, tuple | list | Sequence):
        at = min(step, len(arguments) - 1) if isinstance(step, int) else 0
        return _alternatives(arguments[at]) if isinstance(step, int) else []
    return []


def _alternatives(kind: Any) -> list[Any]:
    """What a type stands for: the members of a union, without the wrapping of Annotated and of named aliases."""
    while get_origin(kind) is Annotated or hasattr(kind, "__value__"):
        kind = kind.__value__ if hasattr(kind, "__value__") else get_args(kind)[0]
    if get_origin(kind) in (Union, types.UnionType):
        return [member for a in get_args(kind) for member in _alternatives(a)]
    return [kind]


@cache
def _keys(kind: type[BaseModel]) -> dict[str, FieldInfo]:
    """The keys of a model as they may be written, aliases of another script included."""
    return {key: info for name, info in kind.model_fields.items() for key in _names(name, info)}


def _names(name: str, info: FieldInfo) -> list[str]:
    alias = info.validation_alias or info.alias
    if isinstance(alias, AliasChoices):
        return [c for c in alias.choices if isinstance(c, str)]
    return [alias] if isinstance(alias, str) else [name]


def _first(name: str, info: FieldInfo) -> str:
    return _names(name, info)[0]


# ── the words ──


def _worded(located: _Located, model: Any) -> list[Mistake]:
    error, loc = located.error, located.loc
    kind, context, given = error["type"], error.get("ctx") or {}, error["input"]
    if kind == "told":
        return [Mistake(loc + at, what, remedy) for what, remedy, at in context["told"]]
    if kind == "missing":
        return _missing(located, model)
    if kind == "extra_forbidden":
        return [_unknown(located, model)]
    at_key = located.steps[-1:] == ("[key]",)
    if kind in ("value_error", "assertion_error"):
        what, _, remedy = str(context.get("error", "")).partition("; ")
        return [Mistake(loc, what or "this is not valid here", remedy, at_key)]
    what, remedy = _sentence(kind, context, given, error["msg"])
    if kind == "string_pattern_mismatch":
        remedy = _example(_info_at(model, located.steps))
    return [Mistake(loc, what, remedy, at_key)]


def _unknown(located: _Located, model: Any) -> Mistake:
    key = str(located.loc[-1])
    what, remedy = f"unknown key '{_brief(key)}'", ""
    if located.error["input"] is None and " " in key:  # {source: hills, as we saw}: half a sentence has become a key
        remedy = "put text that contains a comma in quotes"
    elif (other := _other_name(model, located.steps, key)) is not None:
        what, remedy = f"'{_brief(key)}' is another name of '{other}', which is given as well", "keep one of the two"
    else:
        valid = sorted(k for k in known_keys(model, located.steps[:-1]) if k.isascii() or not key.isascii())
        remedy = suggest(_brief(key, MOST_LETTERS), valid)
    return Mistake(located.loc, what, remedy, at_key=True)


def _other_name(model: Any, steps: Loc, key: str) -> str | None:
    """The other name of a key that may stand here and is left over only because both were written."""
    info = known_keys(model, steps[:-1]).get(key)
    return next((name for name in _names(key, info) if name != key), None) if info is not None else None


def _missing(located: _Located, model: Any) -> list[Mistake]:
    loc, step, given = located.loc, located.error["loc"][-1], located.error["input"]
    if isinstance(step, int):  # of a list of fixed length; told once
        return [Mistake(loc, f"{len(given)} entries are too few here")] if step == len(given) else []
    info = known_keys(model, located.steps[:-1]).get(step)
    return [Mistake(loc, f"'{step}' is missing", _example(info, step) or f"add '{step}: …'", column=step)]


def _sentence(  # noqa: PLR0911 - one answer a kind of mistake
    kind: str, context: Mapping[str, Any], given: Any, message: str
) -> tuple[str, str]:
    got = _got(given)
    if kind in _EXPECTED:
        return f"expected {_EXPECTED[kind]}, got {got}", ""
    if kind in _BOUNDS:
        words, bound = _BOUNDS[kind]
        return f"expected {words} {_number(context[bound])}, got {got}", ""
    if kind in _LENGTHS:
        words, bound, things = _LENGTHS[kind]
        if kind == "string_too_short":
            return (
                "the text is empty" if given == "" else f"the text is too short; {words} {context[bound]} {things}",
                "",
            )
        return f"expected {words} {context[bound]} {things}, got {context.get('actual_length', len(given))}", ""
    if kind in ("literal_error", "enum", "union_tag_invalid"):
        valid = _QUOTED.findall(str(context.get("expected") or context.get("expected_tags", "")))
        if given is None or isinstance(given, list | dict):
            return f"expected one of {', '.join(valid)}, got {got}", ""
        return f"'{_brief(given)}' is not one of the values that are valid here", suggest(
            _brief(given, MOST_LETTERS), valid
        )
    if kind == "string_pattern_mismatch":
        return f"'{_brief(given)}' is not written as it must be here", ""
    if kind in ("union_tag_not_found", "is_instance_of", "none_required"):
        return f"this is not one of the forms that are valid here (got {got})", ""
    text = _SUFFIX.sub("", message).replace("Input should be", "expected", 1).strip()
    return f"{text[:1].lower()}{text[1:]}, got {got}", ""


def _example(info: FieldInfo | None, key: str = "") -> str:
    if info is None or not info.examples:
        return ""
    shown = _flow(info.examples[0])
    return f"add '{key}: {shown}'" if key else f"such as {shown}"


def _info_at(model: Any, steps: Loc) -> FieldInfo | None:
    return known_keys(model, steps[:-1]).get(str(steps[-1])) if steps else None


def _flow(example: Any) -> str:
    """An example as YAML would have it on one line."""
    if isinstance(example, Mapping):
        return "{" + ", ".join(f"{k}: {_flow(v)}" for k, v in example.items()) + "}"
    if isinstance(example, list | tuple):
        return "[" + ", ".join(map(_flow, example)) + "]"
    return str(example)


def _got(given: Any) -> str:
    if given is None:
        return "nothing"
    if isinstance(given, dict):
        return "a mapping"
    if isinstance(given, list | tuple):
        return "a list"
    return f"'{_brief(given)}'"


def _brief(given: object, most: int = 40) -> str:
    text = str(given)
    return text if len(text) <= most else text[: most - 1] + "…"


def _number(value: Any) -> str:
    return f"{value:g}" if isinstance(value, int | float) else str(value)

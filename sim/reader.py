"""Files as people write them → checked models: YAML and CSV, every mistake at once, each with its place.

Scalars stay the text that was written (`10:30`, `no`, `017` and `1e3` are not guessed at); the models make of it what they
need. What a configuration never needs is refused: anchors, aliases, merge keys, tags, several documents, duplicate keys.
A hostile file costs no more than an honest one of 4 MB: everything is counted while it is parsed, nothing recurses.
The only user of yaml. `sim.sentences` words the mistakes that the models find, `sim.tables` reads CSV.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple, NoReturn, TypeVar, cast

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from sim.errors import InvalidInput, Problem, place
from sim.sentences import Loc, mistakes, show, wrong, wrongs
from sim.tables import Table, read_csv, read_table
from sim.texts import checked, read_text_file, shown, unwanted

__all__ = [
    "Document", "Entry", "Loc", "Mark", "Table",
    "load", "parse", "read", "read_csv", "read_table", "read_text", "show", "shown", "wrong", "wrongs",
]  # fmt: skip

MOST_NODES = 200_000
MOST_DEPTH = 40
MOST_LETTERS = 20_000  # of one text
MOST_DIGITS = 40  # of a number: beyond, it is a slip or an attack

M = TypeVar("M")
Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same events, ten times as fast where libyaml is there

_HUGE = re.compile(rf"[+-]?[\d_.]{{{MOST_DIGITS + 1},}}|[+-]?[\d_.]+[eE][+-]?\d{{4,}}")
_NOTHING = ("", "~", "null")  # plain scalars that say that nothing stands here

# What the two YAML parsers say, in words for people: (part of their message, what is wrong, what would be right)
_SYNTAX = (
    ("mapping values are not allowed", "a ':' stands where no key can be", "put text that contains ': ' in quotes"),
    (
        "cannot start any token",
        "a character that cannot begin a value",
        "indent with spaces, not tabs; put the text in quotes",
    ),
    ("found a tab character", "a tab", "indent with spaces"),
    ("end of stream", "the file ends inside something that was opened", "close the bracket or quote"),
    ("could not find expected ':'", "a key without ':'", "write 'key: value'"),
    (
        "',' or",
        "a list or mapping in brackets is not closed or lacks a comma",
        "separate with ',' and close the bracket",
    ),
    ("<block end>", "this line does not fit the indentation above", "indent entries of one list or mapping alike"),
    ("block mapping", "this line does not fit the indentation above", "indent entries of one mapping alike"),
    ("block collection", "this line does not fit the indentation above", "indent entries of one list alike"),
    ("block sequence", "this line does not fit the indentation above", "indent entries of one list alike"),
    ("sequence entries are not allowed", "a '-' stands where no list can be", "begin the list on a line of its own"),
    ("escape", "a backslash in double quotes that means nothing", "use single quotes"),
    ("undefined tag handle", "a tag", "write the plain value"),
    ("expected node content", "something is missing here, or the file ends too early", "complete the file"),
    ("maximum nesting depth", f"nested more than {MOST_DEPTH} levels deep", "nothing here needs that"),
)
_OPENED = ("flow mapping", "flow sequence", "quoted scalar")


class Entry(BaseModel):
    """The base of what may stand in a file: no unknown keys, no infinite numbers, never changed after."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, populate_by_name=True)


class Mark(NamedTuple):
    """A place in a file, lines and columns from 1; in a spreadsheet on one of its sheets."""

    file: str
    line: int
    column: int
    sheet: str = ""

    def problem(self, path: str, what: str, remedy: str = "") -> Problem:
        """A mistake here."""
        return Problem(self.file, self.line, self.column, path, what, remedy, self.sheet)

    def __str__(self) -> str:
        """`file:line:column`, or `file:sheet!cell`."""
        return place(self.file, self.line, self.column, self.sheet)


@dataclass(frozen=True)
class Document:
    """A file as written: nested dicts, lists and texts (None where nothing stands), and the place of every part."""

    file: str
    data: Any
    values: Mapping[Loc, Mark]
    keys: Mapping[Loc, Mark] = field(default_factory=dict)

    def mark(self, loc: Loc, *, key: bool = False) -> Mark:
        """Where the value (or the key) at a location stands; the nearest place around it if it was not written."""
        for end in range(len(loc), -1, -1):
            table = self.keys if key and loc[:end] in self.keys else self.values
            if loc[:end] in table:
                return table[loc[:end]]
        return Mark(self.file, 1, 1)

    def place(self, loc: Loc, *, key: bool = False) -> tuple[int, int]:
        """Line and column of the value (or key) at a location."""
        return self.mark(loc, key=key)[1:3]

    def problem(self, loc: Loc, what: str, remedy: str = "", *, key: bool = False) -> Problem:
        """A mistake at a location: for checks between entries that no model can make alone."""
        return self.mark(loc, key=key).problem(show(loc), what, remedy)

    def check(self, model: type[M]) -> tuple[M | None, list[Problem]]:
        """The data as `model`, or every mistake that keeps it from being one."""
        try:
            return _adapter(cast(Any, model)).validate_python(self.data), []
        except ValidationError as error:
            found = mistakes(error, model, self.data)
            return None, [self.problem(m.loc, m.what, m.remedy, key=m.at_key) for m in found]

    def as_(self, model: type[M]) -> M:
        """The data as `model`; raises `InvalidInput` with every mistake."""
        made, problems = self.check(model)
        if problems or made is None:
            raise InvalidInput(problems)
        return made

    def with_value(self, loc: Loc, written: Document) -> Document:
        """This document with the value at a location replaced by another document's, which keeps its own places."""
        data = _grafted(self.data, loc, written.data)
        values = {at: mark for at, mark in self.values.items() if at[: len(loc)] != loc}
        keys = {at: mark for at, mark in self.keys.items() if len(at) <= len(loc) or at[: len(loc)] != loc}
        values.update({loc + at: mark for at, mark in written.values.items()})
        keys.update({loc + at: mark for at, mark in written.keys.items()})
        return Document(self.file, data, values, keys)


def read(path: Path, model: type[M], *, root: Path | None = None) -> M:
    """The YAML file at `path` as `model`; raises `InvalidInput` with every mistake. `root` shortens the paths shown."""
    return load(path, root=root).as_(model)


def read_text(text: str, model: type[M], name: str = "text") -> M:
    """YAML text as `model`; `name` stands for the file in problems. Raises `InvalidInput`."""
    return parse(text, name).as_(model)


def load(path: Path, *, root: Path | None = None) -> Document:
    """The YAML file at `path`, not yet checked against a model. Raises `InvalidInput`."""
    name = shown(path, root)
    return _built(name, read_text_file(path, name))


def parse(text: str, name: str = "text") -> Document:
    """YAML text as a document; `name` stands for the file in problems. Raises `InvalidInput`."""
    return _built(name, checked(text, name))


@lru_cache(maxsize=256)
def _built(name: str, text: str) -> Document:
    """The document of a text; kept, since one compilation asks for the same cards again and again. Nobody writes in it."""
    return _Builder(name).build(text)


# ── YAML events → a tree of texts ──


class _Open:
    """A list or mapping that is still being filled; `key` is the key whose value comes next."""

    __slots__ = ("into", "key", "loc")

    def __init__(self, into: dict[str, Any] | list[Any], loc: Loc) -> None:
        self.into, self.loc = into, loc
        self.key: str | None = None


class _Builder:
    """Builds a document from parser events with a stack of its own, counting as it goes."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.values: dict[Loc, Mark] = {}
        self.keys: dict[Loc, Mark] = {}
        self.problems: list[Problem] = []
        self.stack: list[_Open] = []
        self.root: Any = None
        self.count = 0

    def build(self, text: str) -> Document:
        loader = Loader(text)
        try:
            self._read(loader)
        except yaml.YAMLError as error:
            self._syntax(error)
        except (ValueError, OverflowError):  # the parser in Python: an escape beyond Unicode
            self._say(Mark(self.name, 1, 1), "a backslash in double quotes that means nothing", "use single quotes")
        finally:
            loader.dispose()
        if self.problems:
            raise InvalidInput(self.problems)
        return Document(self.name, self.root, self.values, self.keys)

    def _read(self, loader: Any) -> None:
        documents = 0
        while (event := loader.get_event()) is not None:
            mark = Mark(self.name, event.start_mark.line + 1, event.start_mark.column + 1)
            match event:
                case yaml.DocumentStartEvent():
                    documents += 1
                    if documents > 1:
                        self._refuse(mark, "a second document begins here", "one file holds one document; remove '---'")
                case yaml.ScalarEvent():
                    self._scalar(event, mark)
                case yaml.AliasEvent():
                    self._say(mark, f"the alias '*{event.anchor}' is not allowed", "write the value out")
                    self._put(None, mark)
                case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                    self._open(event, mark)
                case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                    self.stack.pop()
                case _:
                    pass
        if not documents:
            self._refuse(Mark(self.name, 1, 1), "the file is empty")

    def _open(self, event: Any, mark: Mark) -> None:
        self._decorated(event, mark)
        if len(self.stack) >= MOST_DEPTH:
            self.stack.clear()  # the path would fill the screen
            self._refuse(mark, f"nested more than {MOST_DEPTH} levels deep", "nothing here needs that")
        into: dict[str, Any] | list[Any] = {} if isinstance(event, yaml.MappingStartEvent) else []
        loc = self._put(into, mark)
        self.stack.append(_Open(into, loc))

    def _scalar(self, event: Any, mark: Mark) -> None:
        self._decorated(event, mark)
        if (hidden := unwanted(event.value)) is not None:  # only an escape can have put it there
            self._say(mark, f"an escape that stands for an invisible character (U+{ord(hidden):04X})", "remove it")
        if len(event.value) > MOST_LETTERS:
            self._refuse(mark, f"a text of {len(event.value)} characters; at most {MOST_LETTERS} are read")
        top = self.stack[-1] if self.stack else None
        plain = not event.style  # None or "", as the parser has it
        if top is not None and isinstance(top.into, dict) and top.key is None:
            self._key(top, event.value, plain, mark)
            return
        text: str | None = event.value
        if plain and _HUGE.fullmatch(event.value):
            self._say(mark, "a number that is larger or longer than any that can be meant")
        if plain and event.value in _NOTHING:
            text = None
        self._put(text, mark)

    def _key(self, top: _Open, key: str, plain: bool, mark: Mark) -> None:
        assert isinstance(top.into, dict), "only mappings have keys"
        loc = (*top.loc, key)
        top.key = key
        self._counted(mark)
        if plain and key == "<<":
            self._say(mark, "the merge key '<<' is not allowed", "write the keys out")
        elif loc in self.keys:
            first = self.keys[loc]
            what = f"'{_short(key)}' was already given at {first}"
            self.problems.append(mark.problem(show(loc), what, "keep one of them"))
        else:
            self.keys[loc] = mark

    def _put(self, value: Any, mark: Mark) -> Loc:
        """Puts a finished scalar or an opened collection where it belongs; returns its location."""
        self._counted(mark)
        if not self.stack:
            self.root = value
            self.values[()] = mark
            return ()
        top = self.stack[-1]
        if isinstance(top.into, list):
            loc: Loc = (*top.loc, len(top.into))
            top.into.append(value)
        elif top.key is None:
            self._say(mark, "a list or mapping cannot be a key", "put text that contains brackets in quotes")
            top.key = ""
            return (*top.loc, "")
        else:
            loc, top.key = (*top.loc, top.key), None
            top.into.setdefault(str(loc[-1]), value)
        self.values.setdefault(loc, mark)
        return loc

    def _counted(self, mark: Mark) -> None:
        self.count += 1
        if self.count > MOST_NODES:
            self._refuse(mark, f"more than {MOST_NODES} keys and values in one file", "split it")

    def _decorated(self, event: Any, mark: Mark) -> None:
        if event.anchor is not None:
            self._say(mark, f"the anchor '&{event.anchor}' is not allowed", "write the value out where it is needed")
        if event.tag is not None:
            self._say(mark, f"the tag '{_short(event.tag)}' is not allowed", "write the plain value")

    def _say(self, mark: Mark, what: str, remedy: str = "") -> None:
        self.problems.append(mark.problem(show(self._here()), what, remedy))

    def _here(self) -> Loc:
        if not self.stack:
            return ()
        top = self.stack[-1]
        return top.loc if top.key is None else (*top.loc, top.key)

    def _refuse(self, mark: Mark, what: str, remedy: str = "") -> NoReturn:
        self._say(mark, what, remedy)
        raise InvalidInput(self.problems)

    def _syntax(self, error: yaml.YAMLError) -> None:
        said = f"{getattr(error, 'context', '') or ''} {getattr(error, 'problem', '') or ''}".strip()
        marks = [getattr(error, name, None) for name in ("problem_mark", "context_mark")]
        if any(part in said for part in _OPENED):  # where it was opened says more than where the file ends
            marks.reverse()
        at = next((mark for mark in marks if mark is not None), None)
        mark = Mark(self.name, at.line + 1, at.column + 1) if at else Mark(self.name, 1, 1)
        for part, what, remedy in _SYNTAX:
            if part in said:
                self._say(mark, what, remedy)
                return
        self._say(mark, f"this is not valid YAML ({said})" if said else "this is not valid YAML")


def _grafted(data: Any, loc: Loc, value: Any) -> Any:
    if not loc:
        return value
    step, rest = loc[0], loc[1:]
    if isinstance(step, int):
        items = list(data) if isinstance(data, list) else []
        return [*items[:step], _grafted(items[step] if step < len(items) else None, rest, value), *items[step + 1 :]]
    entries = dict(data) if isinstance(data, dict) else {}
    return {**entries, step: _grafted(entries.get(step), rest, value)}


def _short(text: str, most: int = 40) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


@cache
def _adapter(model: Any) -> TypeAdapter[Any]:
    return TypeAdapter(model)

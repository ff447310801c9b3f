"""What many files share: names in two languages, quantities with units, spreads, clocks, names that become file names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, GetCoreSchemaHandler, GetJsonSchemaHandler, WithJsonSchema
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from sim.domain.parameters import Spread, SpreadKind, fixed
from sim.reader import Entry, Loc
from sim.units import DIMENSIONS, UnitError, parse_quantity

NAME_LENGTH = 100
_DEVICES = {"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(10))}
_NAME = re.compile(r"[\w\u4e00-\u9fff][\w\u4e00-\u9fff.-]*")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_CLOCK = r"[+-]?(\d+[d天]\s*)?\d{1,3}:[0-5]\d(:[0-5]\d(\.\d+)?)?"
_YEARS = range(1900, 2200)  # in which a scenario may begin
_NUMBER = r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?"


class Named(Entry):
    """What people see by name: 中文 and English."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def __str__(self) -> str:
        return self.zh if self.zh == self.en else f"{self.zh} {self.en}"


def _both(written: Any) -> Any:
    if isinstance(written, str):
        return {"zh": written, "en": written}
    if isinstance(written, dict) and len(written) == 1 and (text := written.get("zh") or written.get("en")):
        return {"zh": text, "en": text} if set(written) <= {"zh", "en"} else written
    return written


Bilingual = Annotated[Named, BeforeValidator(_both, json_schema_input_type=Named | str)]


def portable(name: str) -> str:
    """The name, if it can be a file's or folder's name on every platform; raises `ValueError`."""
    stem = name.partition(".")[0].lower()
    if not _NAME.fullmatch(name) or name.endswith(".") or len(name) > NAME_LENGTH or stem in _DEVICES:
        raise ValueError(
            f"'{name[:40]}' cannot be a name here; use letters, digits, '-', '_' and '.', at most {NAME_LENGTH} of them"
        )
    return name


Name = Annotated[str, AfterValidator(portable), Field(min_length=1, max_length=NAME_LENGTH)]


@dataclass(frozen=True)
class Quantity:
    """Marks a float that is written as text with a unit: `Annotated[float, Quantity("flow")]` is SI in the program."""

    dimension: str
    default_unit: str | None = None

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self._read, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        units = "|".join(re.escape(unit) for unit in DIMENSIONS[self.dimension])
        bare = self.default_unit is not None or "1" in DIMENSIONS[self.dimension]
        pattern = rf"{_NUMBER}\s*({units}){'?' if bare else ''}"
        if self.dimension == "time":
            pattern = rf"({pattern}|{_CLOCK})"
        text = {"type": "string", "pattern": rf"^\s*{pattern}\s*$", "x-dimension": self.dimension}
        return {"anyOf": [text, {"type": "number"}]} if bare else text

    def _read(self, written: Any) -> Any:
        return parse_quantity(written, self.dimension, self.default_unit) if isinstance(written, str) else written


def _not_negative(seconds: float) -> float:
    if seconds < 0:
        raise ValueError("a span cannot be negative; leave out the '-'")
    return seconds


Span = Annotated[float, Quantity("time"), AfterValidator(_not_negative)]


_FLAGS = {"yes": True, "no": False, "true": True, "false": False, "是": True, "否": False}


def _flag(written: Any) -> Any:
    if isinstance(written, str):
        if written.lower() not in _FLAGS:
            raise ValueError(f"expected yes or no, got '{written[:40]}'")
        return _FLAGS[written.lower()]
    return written


flag = BeforeValidator(_flag, json_schema_input_type=bool | Literal["yes", "no", "是", "否"])

# A figure that is read later, when its dimension is known; editors see a bare number as one.
Figure = Annotated[str, Field(min_length=1), WithJsonSchema({"type": ["string", "number"]})]


# ── spreads ──


class ThreePoint(Entry):
    """Least, typical (the median) and 90th percentile of a quantity that is skewed to the long side."""

    min: Figure
    typical: Figure
    p90: Figure


class Uniform(Entry):
    """Anything between two figures, alike."""

    uniform: tuple[Figure, Figure]


class Triangular(Entry):
    """Least, most likely, most."""

    triangular: tuple[Figure, Figure, Figure]


class Moments(Entry):
    """Mean and standard deviation."""

    mean: Figure
    sd: Figure


class Normal(Entry):
    """Mean and standard deviation of a quantity that errs to both sides; cut at three standard deviations."""

    normal: Moments


Written = Figure | ThreePoint | Uniform | Triangular | Normal
SpreadEntry = Annotated[Written, Field(examples=["20 min", {"min": "1 min", "typical": "5 min", "p90": "20 min"}])]


class Misfit(ValueError):
    """A figure inside a spread is no quantity of the dimension; `at` says which one, `told` what a validator says of it."""

    def __init__(self, at: Loc, said: str) -> None:
        self.at = at
        super().__init__(said)

    def told(self, around: Loc = ()) -> tuple[str, str, Loc]:
        """(what is wrong, what would be right, where) for `sim.reader.wrongs`."""
        what, _, remedy = str(self).partition("; ")
        return what, remedy, (*around, *self.at)


def spread_of(entry: Written, dimension: str, default_unit: str | None = None) -> Spread:
    """The spread in SI; raises `Misfit`."""

    def figure(at: Loc, text: str | None) -> float:
        if text is None:  # half a spread, of a file that is checked in spite of its mistakes
            raise Misfit(at, f"a {dimension} is missing")
        try:
            return parse_quantity(text, dimension, default_unit)
        except UnitError as error:
            raise Misfit(at, str(error)) from None

    match entry:
        case str():
            return fixed(figure((), entry))
        case ThreePoint():
            low, typical, p90 = (figure((k,), getattr(entry, k)) for k in ("min", "typical", "p90"))
            _ascending((low, typical, p90), "min, typical and p90")
            return Spread(SpreadKind.THREE_POINT, (low, typical, p90))
        case Uniform():
            figures = tuple(figure(("uniform", i), text) for i, text in enumerate(entry.uniform))
            _ascending(figures, "the two figures")
            return Spread(SpreadKind.UNIFORM, figures)
        case Triangular():
            figures = tuple(figure(("triangular", i), text) for i, text in enumerate(entry.triangular))
            _ascending(figures, "least, most likely and most")
            return Spread(SpreadKind.TRIANGULAR, figures)
        case Normal():
            mean = figure(("normal", "mean"), entry.normal.mean)
            sd = figure(("normal", "sd"), entry.normal.sd)
            if sd < 0:
                raise Misfit(("normal", "sd"), "a standard deviation cannot be negative; leave out the '-'")
            return Spread(SpreadKind.NORMAL, (mean, sd))


def _ascending(figures: Sequence[float], what: str) -> None:
    if list(figures) != sorted(figures):
        raise Misfit((), f"{what} must not descend; put the smallest first")


# ── dates ──


def a_date(text: str) -> date:
    """`2024-07-19` as a date; raises `ValueError`."""
    if not _DATE.fullmatch(text):
        raise ValueError(f"expected a date such as 2024-07-19, got '{text[:40]}'")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"'{text}' is no day of the calendar; a date such as 2024-07-19 is expected") from None


def a_moment(text: str) -> datetime:
    """`2024-07-19T02:40:00+08:00` (offset, seconds and the `T` may be left out) as it stands; raises `ValueError`."""
    try:
        if not _DATE.match(text) or len(text) < len("2024-07-19T02:40"):
            raise ValueError
        return datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"expected a date and time such as 2024-07-19T02:40:00+08:00, got '{text[:40]}'") from None


def _date_text(text: str) -> str:
    a_date(text)
    return text


def _moment_text(text: str) -> str:
    if a_moment(text).year not in _YEARS:
        raise ValueError(f"'{text}' is in no year that is meant; write one from {_YEARS[0]} to {_YEARS[-1]}")
    return text


Day = Annotated[str, AfterValidator(_date_text), WithJsonSchema({"type": "string", "format": "date"})]
Moment = Annotated[
    str, AfterValidator(_moment_text), WithJsonSchema({"type": "string", "examples": ["2024-07-19T02:40:00+08:00"]})
]

"""Conduct in a case file: who deals otherwise than they should with the reports they owe."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, WithJsonSchema, model_validator

from sim.doors.common import Span
from sim.reader import Entry, Loc, wrongs

_COUNTS = Literal["dead", "trapped", "threatened", "injured", "seriously_injured"]


class ConductEntry(Entry):
    """Somebody who deals otherwise than they should with the reports they owe (迟报、漏报、谎报、瞒报)."""

    incident: str = Field(examples=["F1"])
    who: str = Field(
        description="unit: whoever it happened to; or a post, or the county or town whose post it is", examples=["unit"]
    )
    does: Annotated[
        Literal["late", "missed", "false", "concealed"],
        WithJsonSchema({"enum": ["late", "missed", "false", False, "concealed"]}),  # editors read `false` as no text
    ] = Field(examples=["late"])
    by: Span | None = Field(None, description="late: by how much", examples=["3 h"])
    until: Span | None = Field(None, description="concealed, false: after how long it comes out", examples=["14 h"])
    share: float | None = Field(
        None, ge=0, le=1, description="false: the share of the people told of", examples=["0.4"]
    )
    omits: list[_COUNTS] = Field([], description="missed: counts that are left out", examples=[["trapped"]])

    @model_validator(mode="after")
    def _fits(self) -> ConductEntry:
        fits = {"late": ("by",), "missed": ("omits", "until"), "false": ("share", "until"), "concealed": ("until",)}
        told: list[tuple[str, str, Loc]] = [
            (f"'{name}' is not for reports that are {self.does}", "leave it out", (name,))
            for name in ("by", "until", "share", "omits")
            if getattr(self, name) not in (None, []) and name not in fits[self.does]
        ]
        if self.does == "missed" and not self.omits:
            told.append(("'omits' says what is left out", "add 'omits: [trapped]'", ()))
        if told:
            raise wrongs(told)
        return self

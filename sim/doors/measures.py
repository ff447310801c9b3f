"""Accepted measures (整改措施) as data: what a review asked for, and what of plans, depots or teams it changes in the next run."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.doors.common import Bilingual, Span, flag
from sim.reader import Entry, wrongs

_TOGETHER = {
    "task": ("plan",), "takes": ("task",), "faster": ("task",), "within": ("task",), "notify": ("unit", "plan"),
    "on_platform": ("unit",), "desk": ("unit",), "depot": ("item",), "amount": ("item",), "home": ("team",),
    "standby": ("team",), "elements": ("team",), "times": ("numbers",), "numbers": ("times",), "coverage": ("nature",),
}  # fmt: skip  # what says nothing without another
Kind = Literal["plan_version", "deadline", "team_home", "stock", "duty", "practice", "monitor"]


class MeasureEntry(Entry):
    """One measure. `duty` and `deadline` ask something of people: they are recorded, and looked for by the next review."""

    id: str = Field(min_length=1, max_length=200, description="The finding it answers", examples=["duty/CM/notice/F1"])
    kind: Kind = Field(examples=["plan_version"])
    plan: str | list[str] | None = Field(
        None, description="plan_version: the plan that is changed, or several", examples=["CM"]
    )
    task: str | None = Field(None, description="… one of its tasks", examples=["notice"])
    takes: Span | None = Field(None, description="… is typically done in this time (its spread keeps its form)")
    faster: float | None = Field(None, gt=0, le=10, description="… takes this share of its time", examples=["0.5"])
    within: Span | None = Field(None, description="… is due within this time")
    unit: str | None = Field(
        None, description="The unit that is told first, or put on the platform", examples=["health"]
    )
    notify: Literal["first"] | None = Field(None, description="The plan tells `unit` before all others, at every level")
    on_platform: Annotated[bool, flag] | None = Field(None, description="Whether `unit` has a terminal of the platform")
    desk: Annotated[bool, flag] | None = Field(None, description="Whether somebody is awake at night in `unit`")
    depot: str | None = Field(None, description="stock: the depot that gets more", examples=["city"])
    item: str | None = Field(None, description="… of which supplies", examples=["tents"])
    amount: float | None = Field(None, ge=0, description="… and how much more, in the item's unit", examples=["500"])
    team: str | None = Field(None, description="team_home, stock: the team it is about", examples=["T012"])
    home: str | None = Field(
        None, description="… to this node of the network, or this town or county by its code", examples=["530325"]
    )
    standby: Annotated[bool, flag] | None = Field(None, description="team_home: its people stand by at their station")
    elements: int | None = Field(
        None,
        ge=1,
        le=50,
        description="stock: `team` gets so many more elements; with `home`: so many of it move",
        examples=["2"],
    )
    kind_of_element: str | None = Field(None, description="… of this kind; of its most frequent one if not given")
    numbers: list[str] = Field(
        [], description="practice: numbers of the models that get other", examples=[["headquarters.consult"]]
    )
    times: float | None = Field(
        None, gt=0, le=10, description="… by this factor, never beyond their range", examples=["0.8"]
    )
    nature: str | None = Field(
        None, description="monitor: the accidents that more of is seen", examples=["mine_inrush"]
    )
    county: str | None = Field(None, description="… in this county; everywhere if not given", examples=["530325"])
    coverage: float | None = Field(
        None, gt=0, le=1, description="… so much more of its places are watched", examples=["0.25"]
    )
    rule: str | None = Field(None, description="plan_version without a form of its own: what the plan is to say")
    capability: str | None = Field(None, description="stock, team_home: the capability that was short")
    wait: str | None = Field(None, description="What people waited for when they were lost")
    duty: str | None = Field(None, description="duty: which one")
    phase: str | None = Field(None, description="duty: which phase of the closed loop")
    expectation: str | None = Field(None, description="deadline: which expected action")
    force: str | None = Field(None, description="duty: which force from outside")
    text: Bilingual | None = Field(None, description="In words")
    by: Bilingual | None = Field(None, description="Who owes it")
    due: str | None = Field(None, description="By which day", examples=["2025-01-31"])
    clause: Bilingual | None = Field(None, description="The clause it is about")
    proof: Bilingual | None = Field(None, description="What closes it")
    verifier: Bilingual | None = Field(None, description="Who verifies that; never whoever owes it")
    source: str | None = Field(None, alias="from", description="SHA-256 of the journal that was reviewed")

    @model_validator(mode="after")
    def _whole(self) -> MeasureEntry:
        """What belongs together stands together."""
        wrong = [
            (f"'{one}' says nothing without '{other}'", f"add '{other}: …', or leave out '{one}'", (one,))
            for one, others in _TOGETHER.items() for other in others
            if getattr(self, one) not in (None, []) and getattr(self, other) in (None, [])
        ]  # fmt: skip
        if wrong:
            raise wrongs(wrong)
        return self

    @property
    def changes(self) -> bool:
        """Whether it changes data, so that the next run goes by it; else people have to change something."""
        own = (self.takes, self.faster, self.within, self.notify, self.on_platform, self.desk, self.amount, self.home,
               self.standby, self.elements, self.times, self.coverage)  # fmt: skip
        return any(change is not None for change in own)

    @property
    def plans(self) -> tuple[str, ...]:
        """The plans it changes."""
        return (self.plan,) if isinstance(self.plan, str) else tuple(self.plan or ())

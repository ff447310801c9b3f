"""Supplies and money of a run, for the review: every request with the time of each step, what came of it, and the ledger.

All of it is read from the journal; what is called basic, and how soon it must be with people, stands in the cast.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from sim.domain import events as ev
from sim.journal.cast import Cast


@dataclass
class Request:
    """One item that a command asked for, with all that was passed up of it. Times are seconds since the scenario's start."""

    request: str
    incident: str
    item: str
    to: str
    asked_at: float
    amount: float
    by: str  # post
    known_at: float = 0.0  # when the report came on which it was asked for
    levels: list[str] = field(default_factory=list)  # posts whose depots were asked, from below
    depots: dict[str, float] = field(default_factory=dict)  # what each gave
    allotted_at: float | None = None  # the first of it
    loaded_at: float | None = None
    signed_at: float | None = None
    handed_out_at: float | None = None
    last_at: float | None = None  # the last of it in people's hands
    allotted: float = 0.0
    signed: float = 0.0
    handed_out: float = 0.0
    missing: float = 0.0  # loaded, as the paper says, and not there
    refused: float = 0.0
    astray: int = 0  # loads that came by way of a place nobody had asked them to
    handed: list[tuple[float, float]] = field(default_factory=list)  # (t, amount)

    @property
    def filled(self) -> float:
        """Share of it that is in people's hands."""
        return self.handed_out / self.amount if self.amount else 1.0

    def by_then(self, t: float) -> float:
        """How much was in people's hands at a time."""
        return math.fsum(amount for at, amount in self.handed if at <= t)


@dataclass
class Voucher:
    """Money that was asked for once, yuan; what the level below could not give is a voucher of the level above."""

    voucher: str
    incident: str
    purpose: str
    of: str  # post of the government
    asked_at: float
    asked: float
    parent: str = ""
    recoverable: bool = False
    approved_at: float | None = None
    approved: float = 0.0
    paid_at: float | None = None
    paid: float = 0.0
    to: str = ""
    audited_at: float | None = None
    unaccounted: float = 0.0


@dataclass(frozen=True)
class Aid:
    """Basic living aid of an incident: how much of what was asked was in people's hands when it had to be."""

    incident: str
    due_at: float
    first_at: float | None  # the first of it in people's hands
    in_time: float  # share handed out by then, mean over the items
    at_end: float
    after_known: float  # share handed out as long after the command knew of the need: what it could be blamed for


@dataclass
class Ledger:
    """All vouchers, and what they come to."""

    vouchers: list[Voucher] = field(default_factory=list)
    left: dict[str, float] = field(default_factory=dict)  # of each government's reserve, by post

    @property
    def asked(self) -> float:
        """What the commands asked for, each yuan once."""
        return math.fsum(v.asked for v in self.vouchers if not v.parent)

    @property
    def approved(self) -> float:
        """What governments released."""
        return math.fsum(v.approved for v in self.vouchers)

    @property
    def paid(self) -> float:
        """What reached those who spend it."""
        return math.fsum(v.paid for v in self.vouchers)

    @property
    def unaccounted(self) -> float:
        """What has no voucher, of what was audited."""
        return math.fsum(v.unaccounted for v in self.vouchers)

    @property
    def recoverable(self) -> float:
        """What the units at fault have to pay back."""
        return math.fsum(v.paid for v in self.vouchers if v.recoverable)


@dataclass
class Supplies:
    """What became of every request and every voucher."""

    requests: list[Request] = field(default_factory=list)
    ledger: Ledger = field(default_factory=Ledger)
    aid: list[Aid] = field(default_factory=list)
    convoys: int = 0
    trucks: int = 0
    held: int = 0  # times lorries stood before a closed road or had no way

    @property
    def filled(self) -> dict[str, float]:
        """Share of what was asked that is in people's hands, by item."""
        asked: dict[str, float] = {}
        had: dict[str, float] = {}
        for r in self.requests:
            asked[r.item] = asked.get(r.item, 0.0) + r.amount
            had[r.item] = had.get(r.item, 0.0) + r.handed_out
        return {item: had[item] / amount for item, amount in sorted(asked.items()) if amount}

    def of(self, incident: str) -> list[Request]:
        """The requests of one incident."""
        return [r for r in self.requests if r.incident == incident]


def supplies(events: Iterable[ev.Event], cast: Cast | None = None) -> Supplies:
    """The supplies and the money of a journal; what is basic is known only with its cast."""
    found, fold = Supplies(), _Fold()
    for event in events:
        fold.hear(event, found)
    if cast is not None and cast.stores is not None:
        basic = {name for name, item in cast.stores.items.items() if item.basic}
        found.aid = _aid(found, fold.began, basic, cast.stores.basic_within)
        found.ledger.left = {**cast.stores.reserves, **found.ledger.left}
    return found


def _aid(found: Supplies, began: dict[str, float], basic: set[str], within: float) -> list[Aid]:
    aid = []
    for incident in dict.fromkeys(r.incident for r in found.requests if r.item in basic):
        asked = [r for r in found.of(incident) if r.item in basic]
        due = began.get(incident, 0.0) + within
        first = min((r.handed_out_at for r in asked if r.handed_out_at is not None), default=None)
        in_time = _mean([(r.item, r.amount, r.by_then(due)) for r in asked])
        at_end = _mean([(r.item, r.amount, r.handed_out) for r in asked])
        known = _mean([(r.item, r.amount, r.by_then(r.known_at + within)) for r in asked])
        aid.append(Aid(incident, due, first, in_time, at_end, known))
    return aid


def _mean(rows: list[tuple[str, float, float]]) -> float:
    """Mean over the items of the share of (item, asked, had)."""
    asked: dict[str, float] = {}
    had: dict[str, float] = {}
    for item, wanted, got in rows:
        asked[item] = asked.get(item, 0.0) + wanted
        had[item] = had.get(item, 0.0) + got
    return math.fsum(min(1.0, had[item] / whole) for item, whole in asked.items()) / len(asked)


class _Fold:
    """Takes events one by one; a request that was passed up is the one that it came from."""

    def __init__(self) -> None:
        self.began: dict[str, float] = {}
        self._requests: dict[str, Request] = {}
        self._vouchers: dict[str, Voucher] = {}
        self._convoys: set[str] = set()
        self._reports: dict[int, float] = {}  # when each came, by number of its event

    def hear(self, event: ev.Event, found: Supplies) -> None:
        """One more event."""
        match event:
            case ev.IncidentOccurred(incident=incident, t=t):
                self.began[incident] = t
            case ev.ReportReceived(seq=seq, t=t):
                self._reports[seq] = t
            case ev.SupplyAsked():
                self._asked(event, found)
            case ev.SupplyAllotted(request=request, depot=depot, amount=amount, t=t) if amount > 0.0:
                r = self._requests[request]
                r.depots[depot] = r.depots.get(depot, 0.0) + amount
                r.allotted += amount
                r.allotted_at = r.allotted_at if r.allotted_at is not None else t
            case ev.SupplyLoaded(request=request, t=t):
                r = self._requests[request]
                r.loaded_at = r.loaded_at if r.loaded_at is not None else t
            case ev.SupplySigned(request=request, amount=amount, sent=sent, why=why, t=t):
                r = self._requests[request]
                r.signed_at = r.signed_at if r.signed_at is not None else t
                r.signed += amount
                r.missing += sent - amount
                r.astray += why == "wrong_address"
            case ev.SupplyHandedOut(request=request, amount=amount, t=t):
                r = self._requests[request]
                r.handed_out_at = r.handed_out_at if r.handed_out_at is not None else t
                r.last_at = t
                r.handed_out += amount
                r.handed.append((t, amount))
            case ev.SupplyRefused(request=request, amount=amount):
                self._requests[request].refused += amount
            case ev.ConvoyDeparted(convoy=convoy, trucks=trucks):
                found.trucks += trucks if convoy not in self._convoys else 0
                self._convoys.add(convoy)
                found.convoys = len(self._convoys)
            case ev.ConvoyHeld():
                found.held += 1
            case _:
                self._money(event, found.ledger)

    def _asked(self, e: ev.SupplyAsked, found: Supplies) -> None:
        if e.parent:
            r = self._requests[e.request] = self._requests[e.parent]
        else:
            r = self._requests[e.request] = Request(e.request, e.incident, e.item, e.to, e.t, e.amount, e.post)
            r.known_at = self._reports.get(-1 if e.cause is None else e.cause, e.t)
            found.requests.append(r)
        r.levels.append(e.of)

    def _money(self, event: ev.Event, ledger: Ledger) -> None:
        match event:
            case ev.FundAsked() as e:
                v = Voucher(e.voucher, e.incident, e.purpose, e.of, e.t, e.amount, e.parent, e.recoverable)
                self._vouchers[e.voucher] = v
                ledger.vouchers.append(v)
            case ev.FundApproved(voucher=voucher, post=post, amount=amount, left=left, t=t):
                v = self._vouchers[voucher]
                v.approved_at, v.approved = t, amount
                ledger.left[post] = left
            case ev.FundPaid(voucher=voucher, amount=amount, to=to, t=t):
                v = self._vouchers[voucher]
                v.paid_at, v.paid, v.to = t, amount, to
            case ev.FundAudited(voucher=voucher, unaccounted=unaccounted, t=t):
                v = self._vouchers[voucher]
                v.audited_at, v.unaccounted = t, unaccounted

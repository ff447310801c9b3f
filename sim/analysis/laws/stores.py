"""Stores: what is issued and what is left is what there was; nothing is signed for that was not loaded; the ledger balances."""

from __future__ import annotations

from collections.abc import Mapping

from sim.analysis.laws.base import Handler, Law
from sim.domain import events as ev
from sim.journal.cast import Cast

_SLACK = 1e-6  # of a unit or a yuan, by which sums of floats may miss


def _same(one: float, other: float) -> bool:
    return abs(one - other) <= _SLACK * (1.0 + abs(other))


class Supplies(Law):
    """Every unit of every item is in a depot, on a lorry, missing by a paper that says so, or in somebody's hands."""

    def __init__(self, cast: Cast | None) -> None:
        super().__init__(cast)
        self._left: dict[tuple[str, str], float] = {}  # by depot and item, as last told
        self._open: dict[str, float] = {}  # what was asked for and not yet allotted or passed up, by request
        self._to_load: dict[tuple[str, str], float] = {}  # allotted and not loaded, by request and depot
        self._loaded: dict[tuple[str, str], float] = {}  # on the road, by convoy and request
        self._signed: dict[tuple[str, str], float] = {}  # signed and not handed out, likewise
        self._item: dict[str, tuple[str, str]] = {}  # request -> (incident, item)
        self._missing: dict[tuple[str, str], float] = {}  # by incident and item: missing by paper, not asked for again
        self._asked_for: dict[tuple[str, str], float] = {}  # by incident and item, each unit once
        self._in_hands: dict[tuple[str, str], float] = {}  # likewise: handed out

    def hears(self) -> Mapping[type[ev.Event], Handler]:
        """Each step of a request."""
        return {
            ev.SupplyAsked: self._asked,
            ev.SupplyAllotted: self._allotted,
            ev.SupplyLoaded: self._on_lorry,
            ev.SupplySigned: self._counted,
            ev.SupplyHandedOut: self._handed_out,
            ev.SupplyRefused: self._refused,
        }

    def _asked(self, e: ev.SupplyAsked) -> None:
        self.hold(e.request not in self._open, e, "supplies", f"{e.request} was asked for before")
        self._open[e.request] = e.amount
        key = self._item[e.request] = (e.incident, e.item)
        if e.parent:
            self._close(e, e.parent, e.amount, "passed up")
            fits = self._item.get(e.parent) == key and e.again == 0.0
            self.hold(fits, e, "supplies", f"{e.request} is another item or place than {e.parent}, or a re-order")
            return
        missed = self._missing.get(key, 0.0)
        what = f"{e.request}: {e.again:g} of {e.amount:g} are asked for again, {missed:g} were missing"
        self.hold(0.0 <= e.again <= min(e.amount, missed) + _SLACK, e, "supplies", what)
        self._missing[key] = missed - e.again
        self._asked_for[key] = self._asked_for.get(key, 0.0) + e.amount - e.again

    def _refused(self, e: ev.SupplyRefused) -> None:
        self._close(e, e.request, e.amount, "refused")

    def _close(self, e: ev.Event, request: str, amount: float, how: str) -> None:
        left = self._open.get(request, 0.0)
        self.hold(_same(amount, left), e, "supplies", f"{request}: {amount:g} is {how}, {left:g} was still to be found")
        self._open[request] = 0.0

    def _allotted(self, e: ev.SupplyAllotted) -> None:
        before = self._left.get((e.depot, e.item), self._at_start(e))
        what = f"{e.depot} had {before:g} of {e.item}, gives {e.amount:g} and keeps {e.left:g}"
        self.hold(_same(e.amount + e.left, before) and e.left >= 0.0 <= e.amount, e, "stock", what)
        self._left[e.depot, e.item] = e.left
        wanted = self._open.get(e.request, 0.0)
        what = f"{e.request}: {e.amount:g} is allotted, {wanted:g} was still wanted"
        self.hold(e.amount <= wanted + _SLACK, e, "supplies", what)
        self._open[e.request] = wanted - e.amount
        key = (e.request, e.depot)
        self._to_load[key] = self._to_load.get(key, 0.0) + e.amount

    def _at_start(self, e: ev.SupplyAllotted) -> float:
        stores = self.cast.stores if self.cast else None
        if stores is None:
            return e.amount + e.left
        depot = stores.depots.get(e.depot)
        return depot.stock.get(e.item, 0.0) if depot else 0.0

    def _on_lorry(self, e: ev.SupplyLoaded) -> None:
        waits = self._to_load.get((e.request, e.depot), 0.0)
        what = f"{e.request}: {e.amount:g} leave {e.depot}, {waits:g} were allotted and still there"
        self.hold(0.0 < e.amount <= waits + _SLACK, e, "supplies", what)
        self._to_load[e.request, e.depot] = waits - e.amount
        self._loaded[e.convoy, e.request] = e.amount

    def _counted(self, e: ev.SupplySigned) -> None:
        sent = self._loaded.pop((e.convoy, e.request), 0.0)
        what = f"{e.request}: {e.sent:g} are said to have been sent with {e.convoy}, {sent:g} were"
        self.hold(_same(e.sent, sent), e, "supplies", what)
        what = f"{e.request}: {e.amount:g} of {e.sent:g} are signed for, and the paper says '{e.why}'"
        fits = e.amount < e.sent if e.why == "short" else _same(e.amount, e.sent)
        self.hold(fits and e.amount >= 0.0, e, "supplies", what)
        self._signed[e.convoy, e.request] = e.amount
        key = (e.incident, e.item)
        self._missing[key] = self._missing.get(key, 0.0) + e.sent - e.amount

    def _handed_out(self, e: ev.SupplyHandedOut) -> None:
        there = self._signed.get((e.convoy, e.request), 0.0)
        what = f"{e.request}: {e.amount:g} are handed out of {there:g} that were signed for and still there"
        self.hold(0.0 < e.amount <= there + _SLACK, e, "supplies", what)
        self._signed[e.convoy, e.request] = there - e.amount
        key = (e.incident, e.item)
        had = self._in_hands[key] = self._in_hands.get(key, 0.0) + e.amount
        wanted = self._asked_for.get(key, 0.0)
        what = f"{e.incident}: {had:g} of {e.item} are in people's hands, {wanted:g} were asked for, re-orders left out"
        self.hold(had <= wanted + _SLACK, e, "supplies", what)


class Money(Law):
    """What a government approved is gone from its reserve, what was approved is paid, what was paid is audited to the last yuan."""

    def __init__(self, cast: Cast | None) -> None:
        super().__init__(cast)
        self._left: dict[str, float] = {}  # by post
        self._open: dict[str, float] = {}  # asked for and neither approved nor passed up
        self._approved: dict[str, float] = {}
        self._paid: dict[str, float] = {}

    def hears(self) -> Mapping[type[ev.Event], Handler]:
        """Each step of a voucher."""
        return {
            ev.FundAsked: self._asked,
            ev.FundApproved: self._released,
            ev.FundPaid: self._pay,
            ev.FundAudited: self._audited,
        }

    def _asked(self, e: ev.FundAsked) -> None:
        self._open[e.voucher] = e.amount
        if e.parent:
            left = self._open.get(e.parent, 0.0)
            what = f"{e.parent}: {e.amount:g} yuan are passed up, {left:g} were still to be found"
            self.hold(_same(e.amount, left), e, "ledger", what)
            self._open[e.parent] = 0.0

    def _released(self, e: ev.FundApproved) -> None:
        start = self.cast.stores.reserves.get(e.post, 0.0) if self.cast and self.cast.stores else e.amount + e.left
        before = self._left.get(e.post, start)
        what = f"{e.post} had {before:g} yuan, releases {e.amount:g} and keeps {e.left:g}"
        self.hold(_same(e.amount + e.left, before) and e.left >= 0.0 <= e.amount, e, "ledger", what)
        self._left[e.post] = e.left
        asked = self._open.get(e.voucher, 0.0)
        what = f"{e.voucher}: {e.amount:g} yuan are approved of {asked:g}"
        self.hold(e.amount <= asked + _SLACK, e, "ledger", what)
        self._open[e.voucher] = asked - e.amount
        self._approved[e.voucher] = e.amount

    def _pay(self, e: ev.FundPaid) -> None:
        approved = self._approved.pop(e.voucher, 0.0)
        what = f"{e.voucher}: {e.amount:g} yuan are paid, {approved:g} were approved"
        self.hold(_same(e.amount, approved), e, "ledger", what)
        self._paid[e.voucher] = e.amount

    def _audited(self, e: ev.FundAudited) -> None:
        paid = self._paid.pop(e.voucher, 0.0)
        what = f"{e.voucher}: {e.vouched:g} with and {e.unaccounted:g} yuan without voucher, {paid:g} were paid"
        self.hold(_same(e.vouched + e.unaccounted, paid) and e.unaccounted >= 0.0, e, "ledger", what)

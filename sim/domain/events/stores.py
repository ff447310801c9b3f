"""Supplies and money: asked for, allowed, moved, received, accounted for."""

from __future__ import annotations

from sim.domain.events.base import Event


class SupplyAsked(Event):
    """A post asked for so much of an item, for an incident, to be brought to a node."""

    request: str
    incident: str
    post: str
    item: str
    amount: float
    to: str
    parent: str = ""  # the request of the level below that this one passes up


class SupplyAllotted(Event):
    """A depot was told to give so much of it (`amount` 0: it has none, and the request goes up)."""

    request: str
    incident: str
    depot: str
    item: str
    amount: float


class SupplyLoaded(Event):
    """The load left its depot."""

    request: str
    incident: str
    depot: str
    item: str
    amount: float


class SupplySigned(Event):
    """The load was counted and signed for; `amount` is what was there, `why` says where it differs from what was sent."""

    request: str
    incident: str
    item: str
    amount: float
    why: str = ""  # "" | short | wrong_address | damaged


class SupplyHandedOut(Event):
    """It is in the hands of those it is for."""

    request: str
    incident: str
    item: str
    amount: float


class FundAsked(Event):
    """A command estimated what it needs; yuan."""

    voucher: str
    incident: str
    post: str
    amount: float
    purpose: str


class FundApproved(Event):
    """A government released money from its reserve."""

    voucher: str
    incident: str
    post: str
    amount: float


class FundPaid(Event):
    """The money has reached those who spend it."""

    voucher: str
    incident: str
    to: str
    amount: float


class FundAudited(Event):
    """The ledger was audited: what of it has no voucher."""

    voucher: str
    incident: str
    unaccounted: float

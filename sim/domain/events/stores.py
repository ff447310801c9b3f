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
    of: str = ""  # the post whose depots are asked
    means: str = "written"  # written | phone: by phone at once, the paper follows
    again: float = 0.0  # so much of it replaces what was missing when loads were counted


class SupplyAllotted(Event):
    """A depot was told to give so much of it (`amount` 0: it has none, and the request goes up); `left` is what it keeps."""

    request: str
    incident: str
    depot: str
    item: str
    amount: float
    left: float = 0.0


class SupplyLoaded(Event):
    """The load left its depot."""

    request: str
    incident: str
    depot: str
    item: str
    amount: float
    convoy: str = ""


class SupplySigned(Event):
    """The load was counted and signed for; `amount` is what was there, `why` says where it differs from what was sent."""

    request: str
    incident: str
    item: str
    amount: float
    why: str = ""  # "" | short | wrong_address (by way of another place) | carried (on foot from where the road ends)
    convoy: str = ""
    sent: float = 0.0


class SupplyHandedOut(Event):
    """It is in the hands of those it is for."""

    request: str
    incident: str
    item: str
    amount: float
    convoy: str = ""


class SupplyRefused(Event):
    """The highest level that can be asked has nothing left of it: so much stays unfilled."""

    request: str
    incident: str
    item: str
    amount: float


class ConvoyDeparted(Event):
    """Lorries with supplies set out from a node: their way, and the seconds from now to the end of each link."""

    convoy: str
    incident: str
    depot: str
    trucks: int
    to: str
    nodes: tuple[str, ...]
    links: tuple[str, ...]
    legs: tuple[float, ...]
    arrives: float
    why: str = ""  # "" from the depot; closed, roads: another way from where it is; astray: on to the right place


class ConvoyHeld(Event):
    """Lorries stand at a node: no way on is known, or they found this `link` closed."""

    convoy: str
    incident: str
    node: str
    link: str = ""


class ConvoyArrived(Event):
    """The lorries are there; with `astray` it is a place that nobody had asked them to."""

    convoy: str
    incident: str
    node: str
    astray: bool = False


class FundAsked(Event):
    """A command estimated what it needs; yuan."""

    voucher: str
    incident: str
    post: str
    amount: float
    purpose: str
    of: str = ""  # the post whose government's reserve is asked
    parent: str = ""  # the voucher of the level below that this one passes up
    recoverable: bool = False  # the unit at fault has to pay it back


class FundApproved(Event):
    """A government released money from its reserve, in which `left` remains."""

    voucher: str
    incident: str
    post: str
    amount: float
    left: float = 0.0


class FundPaid(Event):
    """The money has reached those who spend it."""

    voucher: str
    incident: str
    to: str
    amount: float


class FundAudited(Event):
    """The ledger was audited: what of it has a voucher, and what has none."""

    voucher: str
    incident: str
    unaccounted: float
    vouched: float = 0.0

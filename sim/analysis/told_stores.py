"""What is told of supplies and money: amounts in an item's own unit, depots and posts by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.domain import events as ev
from sim.units import HOUR, MINUTE

if TYPE_CHECKING:
    from sim.analysis.telling import Teller

_SUPPLY = (
    ev.SupplyAsked, ev.SupplyAllotted, ev.SupplyLoaded, ev.SupplySigned, ev.SupplyHandedOut, ev.SupplyRefused
)  # fmt: skip
_CONVOY = (ev.ConvoyDeparted, ev.ConvoyHeld, ev.ConvoyArrived)
_FUND = (ev.FundAsked, ev.FundApproved, ev.FundPaid, ev.FundAudited)


def key(event: ev.Event) -> str:
    """The sentence for an event, where a field makes it another than its kind's; "" for its kind's."""
    match event:
        case ev.SupplyAsked(parent=parent) if parent:
            return "event.supply_passed_up"
        case ev.SupplyAllotted(amount=0.0):
            return "event.supply_none_left"
        case ev.FundAsked(post=post, of=of) if post == of:
            return "event.fund_own"
        case ev.FundApproved(amount=0.0):
            return "event.fund_none_left"
        case ev.ConvoyHeld(link=link) if link:
            return "event.convoy_stopped"
    return ""


def facts(teller: Teller, event: ev.Event) -> dict[str, object]:
    """The facts of an event of supplies or money as people read them; empty for any other."""
    if isinstance(event, _SUPPLY):
        return _supply(teller, event)
    if isinstance(event, _CONVOY):
        return _convoy(teller, event)
    if isinstance(event, _FUND):
        return _fund(teller, event)
    return {}


def _supply(teller: Teller, event: ev.Event) -> dict[str, object]:
    item: str = getattr(event, "item")  # noqa: B009 - all of _SUPPLY have one

    def counted(amount: float) -> str:
        stores = teller.cast.stores
        known = stores.items.get(item) if stores else None
        return f"{amount:,.0f} {known.unit.of(teller.lang)}" if known else f"{amount:,.0f}"

    stores = teller.cast.stores
    known = stores.items.get(item) if stores else None
    found: dict[str, object] = {"item": known.name.of(teller.lang) if known else item}
    for name in ("amount", "left", "sent"):
        if hasattr(event, name):
            found[name] = counted(getattr(event, name))
    if isinstance(event, ev.SupplyAsked):
        means = teller.named("supply_means", event.means) if event.means == "phone" else ""
        found["again"] = teller.say("supply_again", amount=counted(event.again)) if event.again else ""
        found |= {"to": teller.node(event.to), "of": teller.post(event.of), "means": means}
    if isinstance(event, ev.SupplyAllotted):
        found["depot"] = _depot(teller, event.depot)
    if isinstance(event, ev.SupplyLoaded | ev.SupplySigned):
        found["convoy"] = _called(teller, event.convoy)
    if isinstance(event, ev.SupplySigned):
        found["why"] = teller.say(f"supply_why.{event.why}", sent=counted(event.sent)) if event.why else ""
    return found


def _depot(teller: Teller, depot: str) -> str:
    stores = teller.cast.stores
    known = stores.depots.get(depot) if stores else None
    return known.name.of(teller.lang) if known else depot


def _called(teller: Teller, convoy: str) -> str:
    depot, _, number = convoy.rpartition("#")
    return teller.say("convoy", depot=_depot(teller, depot), number=number)


def _convoy(teller: Teller, event: ev.Event) -> dict[str, object]:
    found: dict[str, object] = {"convoy": _called(teller, getattr(event, "convoy"))}  # noqa: B009 - all of _CONVOY have one
    match event:
        case ev.ConvoyDeparted(nodes=nodes, to=to, arrives=arrives, why=why, t=t):
            hours, minutes = divmod(round((arrives - t) / MINUTE), round(HOUR / MINUTE))
            found |= {"start": teller.node(nodes[0]), "to": teller.node(to), "takes": f"{hours}:{minutes:02d}"}
            found["why"] = teller.named("convoy_why", why) if why else ""
        case ev.ConvoyArrived(astray=astray):
            found["astray"] = teller.named("convoy_astray", "yes") if astray else ""
    return found


def _fund(teller: Teller, event: ev.Event) -> dict[str, object]:
    found: dict[str, object] = {
        name: teller.say("yuan", amount=f"{getattr(event, name):,.0f}")
        for name in ("amount", "left", "unaccounted", "vouched")
        if hasattr(event, name)
    }
    match event:
        case ev.FundAsked(purpose=purpose, of=of, recoverable=back):
            found |= {"purpose": teller.named("fund_purpose", purpose), "of": teller.post(of)}
            found["back"] = teller.named("fund_back", "yes") if back else ""
        case ev.FundPaid(to=to):
            found["to"] = teller.post(to)
    return found

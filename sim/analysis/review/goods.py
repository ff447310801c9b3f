"""Section 5, supplies: one row an item, every unit once, and what waiting for it meant for people."""

from __future__ import annotations

from sim.analysis import deliveries
from sim.analysis.review.blocks import BAD, WARN, Table
from sim.analysis.review.ground import Ground
from sim.analysis.words import figure
from sim.units import HOUR

_MOST = 40


def supplies(g: Ground) -> Table | None:
    """Asked – given – out – signed – handed out, by item; each step with its first and its last moment."""
    rows, tones = [], []
    for flow in _flows(g)[:_MOST]:
        again = g.say("means.of_it_again", count=figure(flow.again)) if flow.again else ""
        whys = [w for w, so in (("short", flow.short), ("wrong_address", flow.astray)) if so]
        if flow.unfilled and not whys:
            whys = ["not_filled"]
        rows.append(
            (
                g.mark(flow.disaster),
                g.item(flow.item),
                f"{figure(flow.asked)}{again}",
                figure(flow.allotted),
                _step(g, flow, "out", flow.out),
                figure(flow.signed),
                _step(g, flow, "handed", flow.handed),
                g.listed(g.named("fault", w) for w in whys) or g.named("fault", "right"),
                g.events_text(flow.evidence),
            )
        )
        tones.append(BAD if flow.unfilled else WARN if whys else "")
    if not rows:
        return None
    columns = ("incident", "item", "wanted", "allotted", "loaded", "signed", "handed", "fault", "event")
    head = tuple(g.say(f"means.{k}") for k in columns)
    widths = (1.4, 2, 1.8, 1.2, 2.2, 2.2, 2.2, 2, 1.4)
    return Table(g.say("means.supplies"), head, tuple(rows), widths, tuple(tones), 7, g.say("means.supplies_note"))


def _step(g: Ground, flow: deliveries.Flow, name: str, amount: float) -> str:
    if name not in flow.times:
        return "–"
    first, last = flow.times[name]
    return f"{figure(amount)}  {g.clock(first)}" + (f" – {g.clock(last)}" if last > first else "")


def waiting(g: Ground) -> Table | None:
    """Basic living aid: person-hours between the report that spoke of the need and the goods in people's hands."""
    stores = g.cast.stores
    if stores is None:
        return None
    rows = []
    for flow in _flows(g):
        known = stores.items.get(flow.item)
        if known is not None and known.basic and flow.needed:
            served = deliveries.persons(flow, g.cast)
            hours, by_night = flow.waited * served / HOUR, flow.waited_night * served / HOUR
            mean = flow.waited / flow.needed
            last = flow.times["handed"][1] if "handed" in flow.times and not flow.unfilled else None
            rows.append(
                (
                    g.mark(flow.disaster), g.item(flow.item), figure(round(flow.needed * served)), g.span(mean),
                    figure(round(hours)), figure(round(by_night)), g.clock(last) if last is not None else g.say("means.not_all"),
                )
            )  # fmt: skip
    if not rows:
        return None
    head = tuple(
        g.say(f"means.{k}") for k in ("incident", "item", "for_people", "waited", "hours", "night_hours", "all_had")
    )
    return Table(
        g.say("means.waiting"), head, tuple(rows), (1.6, 3, 1.8, 2, 1.8, 1.8, 1.8), note=g.say("means.waiting_note")
    )


def _flows(g: Ground) -> tuple[deliveries.Flow, ...]:
    return tuple(deliveries.flows(g.events))

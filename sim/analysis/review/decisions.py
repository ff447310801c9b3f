"""Section 4: the decisions, each with what its maker knew at that moment and with what was true."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.analysis.review.blocks import Block, Section, Table, Text
from sim.analysis.review.ground import Ground
from sim.analysis.words import amount
from sim.domain import events as ev

_MOST = 60
_LIVES = ("dead", "seriously_injured")  # counts that are possible before they are certain
CRITERION_UNITS = {"at_stake": "t", "area": "ha", "aloft": "h", "lost": "%"}  # of the scales; a count has none
_COMPARED = 4  # words of a criterion: its name, a value, "at least", the bound


def decisions(g: Ground) -> Section | None:
    """The decision points; None where nobody decided anything."""
    found = sorted(_all(g), key=lambda d: d[0])
    if not found:
        return None
    rows = []
    for seq, event, post, what, ground in found[:_MOST]:
        incident = _incident(g, event)
        rows.append(
            (
                g.clock(event.t),
                g.teller.post(post),
                what,
                ground or "–",
                _known(g, post, incident, event.t),
                _true(g, post, incident, event.t),
                f"#{seq}",
            )
        )
    head = tuple(g.say(f"decisions.{k}") for k in ("time", "who", "what", "ground", "known", "true", "event"))
    left = len(found) - len(rows)
    blocks: list[Block] = [
        Text(g.say("decisions.about")),
        Table(
            g.say("decisions.table"),
            head,
            tuple(rows),
            (1.6, 2.2, 3.6, 2.4, 3, 2.6, 1),
            note=g.say("decisions.left_out", count=left) if left else "",
        ),
    ]
    return Section("decisions", g.say("decisions"), tuple(blocks))


def _incident(g: Ground, event: ev.Event) -> str:
    if isinstance(event, ev.Recalled):
        return next((o.incident for o in g.of(ev.OrderGiven) if o.order == event.order), "")
    return str(getattr(event, "incident", ""))


def _told(g: Ground, event: ev.Event, post: str) -> str:
    """What an event says, without the name of its post, which has a column of its own."""
    text = g.tell(event).removeprefix(g.teller.post(post)).strip()
    return text[:1].upper() + text[1:]


def _known(g: Ground, post: str, incident: str, t: float) -> str:
    toll = _toll(g, post, incident, t)
    if toll is not None:
        figures = {"dead": toll.dead, "missing": toll.missing, "injured": toll.injured}
        return g.say(
            "decisions.all_places", what=g.counts(figures, tuple(figures)), places=toll.places, age=g.span(t - toll.t)
        )
    report = g.known(post, incident, t)
    if report is None:
        return g.say("decisions.nothing")
    counted = bool(g.people.get(incident)) or any(
        getattr(report.event.sighting, n) for n in ("trapped", "dead", "injured")
    )
    what = g.counts(report.event.sighting) if counted else g.say("decisions.nobody_hurt")
    return g.say("decisions.as_of", what=what, number=report.event.number, age=g.span(t - report.event.t))


def _toll(g: Ground, post: str, incident: str, t: float) -> ev.TollStated | None:
    """What a post had made of a disaster of several places by then: more than its report of the first one."""
    stated = (e for e in reversed(g.of(ev.TollStated)) if e.t <= t and (e.post, e.incident) == (post, incident))
    found = next(stated, None)
    return found if found is not None and found.places > 1 else None


def _true(g: Ground, post: str, incident: str, t: float) -> str:
    if _toll(g, post, incident, t) is not None:
        return g.counts(g.joint_truth(incident, t), ("dead", "missing", "injured"))
    return g.counts(g.truth(incident, t)) if g.people.get(incident) else g.say("decisions.nobody_hurt")


def _all(g: Ground) -> Iterator[tuple[int, ev.Event, str, str, str]]:  # noqa: PLR0912 - a case a kind is the plainest
    """(number, event, who, what, ground) of every decision; orders of one moment are one decision."""
    grouped: dict[tuple[float, str, str, str], list[ev.OrderGiven | ev.Recalled]] = {}
    feared: set[tuple[str, str, str]] = set()  # what is only possible as yet: the trapped count with the dead
    for e in g.events:
        match e:
            case ev.Graded(post=post, basis=basis):
                what = g.say(
                    "decisions.graded",
                    confirmed=g.named("severity", e.confirmed),
                    potential=g.named("severity", e.potential),
                )
                if e.potential > e.confirmed or _counts_more_than_told(g, e):
                    feared.add((post, e.incident, basis))
                yield e.seq, e, post, what, basis_text(g, basis, feared=(post, e.incident, basis) in feared)
            case ev.ResponseChanged(post=post, level=level, basis=basis):
                what = g.say("decisions.response", level=g.named("level", level)) if level else g.say("decisions.ended")
                yield e.seq, e, post, what, basis_text(g, basis, feared=(post, e.incident, basis) in feared)
            case ev.LeadTaken(post=post):
                yield e.seq, e, post, g.say("decisions.lead"), ""
            case ev.OrderGiven(post=post, incident=incident):
                grouped.setdefault((e.t, post, incident, "order"), []).append(e)
            case ev.Recalled(post=post, grounds=grounds):
                grouped.setdefault((e.t, post, "", f"recall {grounds}"), []).append(e)
            case ev.SupportRequested(post=post, to=to, capability=capability, amount=amount):
                what = g.say(
                    "decisions.asked",
                    to=g.teller.post(to),
                    what=f"{g.teller.capability(capability)} {g.teller.effort(capability, amount)}",
                )
                yield e.seq, e, post, what, ""
            case ev.IncidentClosed(post=post, reason=reason):
                yield e.seq, e, post, g.say("decisions.closed"), g.named("closing", reason)
            case (
                ev.PlanActivated(post=post)
                | ev.CommandFormed(post=post)
                | ev.ResponseSuspended(post=post)
                | ev.ResponseResumed(post=post)
                | ev.RescueBecameSearch(post=post)
            ):
                yield e.seq, e, post, _told(g, e, post), e.clause
            case ev.Consulted(post=post, finding=finding):
                yield e.seq, e, post, _told(g, e, post), g.named("finding", finding)
            case ev.ForceAsked(post=post) | ev.Published(post=post):
                yield e.seq, e, post, _told(g, e, post), ""
            case ev.FundApproved(post=post):
                yield e.seq, e, post, _told(g, e, post), ""
            case _:
                pass
    for (_, post, _, kind), of in grouped.items():
        yield of[0].seq, of[0], post, *_orders(g, of, kind)


def _counts_more_than_told(g: Ground, e: ev.Graded) -> bool:
    """Whether a grade counts more lives than the post was told are lost: those shut in or missing count with them."""
    words = e.basis.split()
    if len(words) != _COMPARED or words[0].partition(".")[2] != "dead":
        return False
    told = next(
        (
            t.dead
            for t in reversed(g.of(ev.TollStated))
            if (t.post, t.incident) == (e.post, e.incident) and t.seq < e.seq
        ),
        0,
    )
    report = g.known(e.post, e.incident, e.t)
    return float(words[1]) > max(told, 0 if report is None else report.event.sighting.dead)


def _orders(g: Ground, of: list[ev.OrderGiven | ev.Recalled], kind: str) -> tuple[str, str]:
    if kind != "order":
        return g.say("decisions.recalled", count=len(of)), g.named("grounds", kind.removeprefix("recall "))
    orders = [o for o in of if isinstance(o, ev.OrderGiven)]
    soonest = min(o.expected for o in orders)
    return ordered(g, orders), g.say("decisions.expected", at=g.clock(soonest))


def ordered(g: Ground, orders: Sequence[ev.OrderGiven]) -> str:
    """Orders of one moment as one sentence: so many teams, elements and people, for which tasks."""
    tasks = dict.fromkeys(g.teller.capability(o.task) for o in orders)
    teams = len({o.team for o in orders})
    people = sum(e.people for o in orders if (e := g.cast.elements.get(o.element)))
    return g.say("decisions.orders", teams=teams, elements=len(orders), people=people, tasks=g.listed(tasks))


def basis_text(g: Ground, basis: str, *, feared: bool = False) -> str:
    """The criterion that decided, as people read it: `production.dead 15 >= 10` is a count against its bound."""
    words = basis.split()
    if not words:
        return ""
    if len(words) == 1 and "." not in basis:
        return g.named("closing", basis)
    scale, _, counted = words[0].partition(".")
    name = g.named("count", counted) if counted else g.named("count", scale)
    if feared and counted in _LIVES:
        name = g.say("decisions.feared", what=name)
    if len(words) == _COMPARED:
        unit = CRITERION_UNITS.get(counted, "")
        value, bound = (amount(float(w), unit, g.lang) if unit else w for w in (words[1], words[3]))
        return g.say("decisions.basis", name=name, value=value, bound=bound)
    return f"{name} {' '.join(words[1:])}".strip()

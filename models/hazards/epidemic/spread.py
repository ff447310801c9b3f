"""How it spreads: branch by branch of the drawn tree while few are infected, and as a flow (SEIR with water) once many are."""

from __future__ import annotations

import math
from collections.abc import Callable
from heapq import heapify, heappop, heappush

from msgspec.structs import replace

from models import kernels
from models.hazards.epidemic.parameters import Parameters
from models.hazards.epidemic.state import Contact, Due, Flow, State, Way

Values = tuple[float, ...]

# ── theory that the model reckons with ──


def growth_rate(beta: float, sigma: float, gamma: float) -> float:
    """The rate (1/s) at which the infected grow while nearly all can catch it; negative if it dies out."""
    return (math.sqrt((sigma - gamma) ** 2 + 4 * sigma * beta) - sigma - gamma) / 2


def final_size(r0: float) -> float:
    """Share of a closed group that an unchecked epidemic reaches: z = 1 − e^(−R₀ z); 0 if R₀ ≤ 1."""
    if r0 <= 1.0:
        return 0.0
    return kernels.newton(1.0, lambda z: (-math.expm1(-r0 * z) - z) / (1 - r0 * math.exp(-r0 * z)), up=False)


def tracing_speed(p: Parameters, capacity: float, infectious: float) -> float:
    """Rate (1/s) at which each infectious person is found and isolated, by crews who can follow so many cases a second."""
    return min(p.trace_fastest, capacity / infectious) if infectious > 0.0 else 0.0


def reproduction(p: Parameters, r: float, speed: float) -> float:
    """How many one infects who would infect `r`, where tracing finds those it can find at this speed."""
    found = (1 / p.infectious) / (1 / p.infectious + speed)
    return r * (p.traceable * found + 1 - p.traceable)


# ── measures ──


def contact(p: Parameters, state: State) -> float:
    """Contacts, as a share of the ordinary: advice once it is known what it is, closure by those who watch over it."""
    if not identified(state):
        return 1.0
    held = min(1.0, given(state, "closure") / state.staff) if state.staff > 0.0 else 0.0
    return p.advice * (1 - held * (1 - p.closed))


def treated(p: Parameters, state: State) -> float:
    """What still comes by water, as a share."""
    return p.treated if state.source <= 0.0 else 1.0


def capacity(p: Parameters, state: State) -> float:
    """Cases a second that crews can follow to their contacts, as far as the laboratory keeps up."""
    if not identified(state):
        return 0.0
    followed = given(state, "tracing") * p.crew_people * p.contacts_a_day / p.contacts_a_case
    confirmed = given(state, "sampling") * p.samples_a_day / p.samples_a_case
    return min(followed, max(confirmed, p.clinical * followed))


def identified(state: State) -> bool:
    """Whether it is known what it is and how it spreads: inquiry and tests are done."""
    return state.inquiry <= 0.0 and state.testing <= 0.0


def given(state: State, demand: str) -> float:
    """The effort that serves a demand now."""
    return next((effort for name, effort in state.effort if name == demand), 0.0)


def active(state: State) -> float:
    """Infected people who have not yet recovered or been isolated."""
    if state.flow is not None:
        return state.flow.exposed + state.flow.infectious + state.flow.hidden
    return float(len(state.exposed) + len(state.infectious))


def open_branches(state: State) -> bool:
    """Whether somebody drawn may yet be infected: by those who can infect, by water, by the source."""
    if state.flow is not None or state.exposed or state.infectious:
        return True
    nodes = state.tree.nodes
    waiting = (*(node.contact for node in nodes[state.next :]), *state.tree.open)
    return any(reaches(state.ended, state.source, contact) for contact in waiting)


# ── one by one ──


def sweep(p: Parameters, state: State, dt: float) -> State:
    """The tree `dt` later: exact, since everything in it has its moment and only the clock of tracing runs between."""
    end, t, g, nodes = state.age + dt, state.age, state.traced, state.tree.nodes
    ended, target = list(state.ended), list(state.target)
    exposed = [(nodes[i].infectious, i) for i in state.exposed]
    heapify(exposed)
    infectious, due = dict.fromkeys(state.infectious), list(state.due)
    share, water, most = contact(p, state), treated(p, state), capacity(p, state)
    k, infected, onsets, isolated, last = state.next, state.infected, state.onsets, state.isolated, state.last
    while True:
        speed = tracing_speed(p, most, float(len(infectious)))
        heals = min(((nodes[i].recovers, i) for i in infectious), default=(math.inf, -1))
        found = min(((target[i], i) for i in infectious), default=(math.inf, -1))
        caught = nodes[k].contact.at if k < len(nodes) else math.inf
        begins = exposed[0][0] if exposed else math.inf
        finds = t + max(0.0, found[0] - g) / speed if speed > 0.0 and found[0] < math.inf else math.inf
        moment = min(heals[0], finds, caught, begins)
        if moment > end:
            g += speed * (end - t)
            break
        g, t = g + speed * max(0.0, moment - t), max(t, moment)
        if moment == heals[0]:
            del infectious[heals[1]]
        elif moment == finds:
            del infectious[found[1]]
            ended[found[1]] = t
            isolated += 1
        elif moment == begins:
            i = heappop(exposed)[1]
            infectious[i], target[i] = None, g + nodes[i].trace
            onsets, last = onsets + 1, t
        else:
            node, still = nodes[k], max(0.0, 1 - infected / state.people - state.immune)
            way = node.contact.way
            factor = water if way is Way.WATER else share if way is Way.CONTACT else 1.0
            lucky = way is not Way.SEED and node.contact.mark >= factor * still
            if not lucky and reaches(ended, state.source, node.contact):
                ended[k] = node.recovers
                heappush(exposed, (node.infectious, k))
                infected += 1
                if node.course is not None:
                    due.append(Due(node.severe, f"p{k + 1:04d}", node.course))
            k += 1
    due.sort(key=lambda d: (d.at, d.id))
    return replace(
        state, ended=tuple(ended), target=tuple(target), exposed=tuple(sorted(i for _, i in exposed)),
        infectious=tuple(infectious), next=k, traced=g, infected=infected, onsets=onsets, isolated=isolated, last=last,
        due=tuple(due), age=end,
    )  # fmt: skip


def reaches(ended: tuple[float, ...] | list[float], source: float, contact: Contact) -> bool:
    """Whether a drawn infection is on its way: its infector gives it off, its source is open."""
    if contact.way is Way.SEED:
        return True
    return source > 0.0 if contact.way is Way.SOURCE else ended[contact.parent] > contact.shed


# ── as a flow ──


def slopes(
    p: Parameters, people: float, beta: float, by_water: float, severe: float, share: float, water: float, most: float,
    source: float,
) -> Callable[[Values], Values]:  # fmt: skip
    """Rates of change of (susceptible, exposed, infectious, hidden, water, infected, onsets, falling, fallen)."""
    sigma, gamma, delta, falls = 1 / p.latent, 1 / p.infectious, 1 / p.water_lasts, 1 / (p.latent + p.severe_after)

    def slope(x: Values) -> Values:
        s, e, i, h, w, _, _, f, _ = x
        caught = (beta * ((1 - by_water) * share * (i + h) + by_water * water * w) + source) * s / people
        found = tracing_speed(p, most, i + h) * i
        onset, bad = sigma * e, falls * f
        return (
            -caught, caught - onset, p.traceable * onset - gamma * i - found, (1 - p.traceable) * onset - gamma * h,
            delta * (i + h - w), caught, onset, severe * caught - bad, bad,
        )  # fmt: skip

    return slope


def begin_flow(state: State) -> Flow:
    """The infected of the tree as a flow; from here on everybody is the mean of many."""
    e, i = float(len(state.exposed)), math.fsum(state.target[k] < math.inf for k in state.infectious)
    hidden = len(state.infectious) - i
    left = max(0.0, state.tree.source_until - state.age)
    waiting = math.fsum(1.0 for contact in state.tree.open if contact.way is Way.SOURCE)
    source = waiting / left if left > 0.0 else 0.0
    return Flow(
        state.age, max(0.0, state.people * (1 - state.immune) - state.infected), e, i, hidden, i + hidden, 0.0, 0.0, 0.0,
        0.0, source, state.tree.source_until,
    )  # fmt: skip


def flows_on(p: Parameters, state: State, dt: float, by_water: float) -> State:
    """The flow `dt` later: whole steps on its grid, with the mean of the measures of each; what is between waits."""
    flow, end, t = state.flow, state.age + dt, state.age
    assert flow is not None, "only a wide spread flows"
    share, water, most, step = contact(p, state), treated(p, state), capacity(p, state), p.tick / p.steps
    while flow.node + step <= end:
        span = flow.node + step - t
        flow = _step(p, state, _summed(flow, span, share, water, most), step, by_water)
        t = flow.node
    return replace(state, flow=_summed(flow, end - t, share, water, most), age=end)


def _summed(flow: Flow, span: float, share: float, water: float, most: float) -> Flow:
    return replace(
        flow,
        contact=flow.contact + share * span,
        treated=flow.treated + water * span,
        tracing=flow.tracing + most * span,
    )


def _step(p: Parameters, state: State, flow: Flow, step: float, by_water: float) -> Flow:
    source = flow.source if state.source > 0.0 and flow.node < flow.source_until else 0.0
    slope = slopes(
        p, state.people, state.beta, by_water, state.severe, flow.contact / step, flow.treated / step,
        flow.tracing / step, source,
    )  # fmt: skip
    values = (
        flow.susceptible, flow.exposed, flow.infectious, flow.hidden, flow.water, flow.infected, flow.onsets,
        flow.falling, flow.fallen,
    )  # fmt: skip
    s, e, i, h, w, c, o, f, v = kernels.runge_kutta(slope, values, step)
    return Flow(flow.node + step, s, e, i, h, w, c, o, f, v, flow.source, flow.source_until)

"""Those who work on the farms, where the disease can pass to people: caught, ill, found or not, the end of it."""

from __future__ import annotations

import math

from msgspec.structs import replace

from models.hazards.animal_epidemic.state import Hand, Phase, State
from sim.domain.hazards import Effect, Harm, Involve, Note
from sim.domain.people import Person, Status, Triage

Jump = tuple[State, list[Effect]]


GROUP = "farm_hands"
NAMES = ("hand_caught", "hand_ill", "patient_found", "patient_ends")


def jump(state: State, name: str, *, watched: bool) -> Jump:
    """What becomes of somebody at that moment."""
    match name:
        case "hand_caught":
            return caught(state, watched=watched), []
        case "hand_ill":
            return falls_ill(state, watched=watched)
        case "patient_found":
            return found_ill(state)
        case _:
            return at_an_end(state)


def next_of(state: State, watched: bool) -> tuple[float, str]:
    """What comes next to one of them: (seconds, name); (inf, "") if nothing does."""
    if watched and any(hand.stage == 2 for hand in state.hands):
        return 0.0, "patient_found"
    at, name = min((_when(hand) for hand in state.hands), default=(math.inf, ""))
    return at - state.age, name


def caught(state: State, *, watched: bool) -> State:
    """The moment at which somebody would catch it: not on a farm that is known while all there are protected and watched."""
    hand = _first(state, 0)
    known = state.phases[hand.farm] is Phase.FOUND and watched
    return _with(state, hand, None if known else replace(hand, stage=1))


def falls_ill(state: State, *, watched: bool) -> Jump:
    """Fever comes; whoever is watched goes to hospital at once."""
    hand = _first(state, 1)
    after = replace(state, ill=state.ill + 1)
    note = Note("human_case", {"cases": float(after.ill)})
    if watched:
        return _with(after, hand, None), [
            Involve((Person(hand.id, Status.WAITING, GROUP, _colour(hand), harm="illness"),)),
            note,
        ]
    ill = Person(hand.id, Status.EXPOSED, GROUP, harm="illness")
    return _with(after, hand, replace(hand, stage=2)), [Involve((ill,)), note]


def found_ill(state: State) -> Jump:
    """Somebody ill is found: a patient from now on."""
    hand = min((h for h in state.hands if h.stage == 2), key=lambda h: (h.ill, h.id))
    return _with(state, hand, None), [Harm((hand.id,), Status.WAITING, _colour(hand), "patient_found")]


def at_an_end(state: State) -> Jump:
    """Whom nobody found dies of it, or recovers at home."""
    hand = _first(state, 2)
    if hand.dies:
        return _with(state, hand, None), [Harm((hand.id,), Status.DEAD, why="untreated", hidden=False)]
    return _with(state, hand, None), [Harm((hand.id,), Status.SAFE, why="recovered")]


def _colour(hand: Hand) -> Triage:
    return Triage.RED if hand.red else Triage.YELLOW


def _when(hand: Hand) -> tuple[float, str]:
    moments = ((hand.caught, "hand_caught"), (hand.ill, "hand_ill"), (hand.ends, "patient_ends"))
    return moments[hand.stage]


def _first(state: State, stage: int) -> Hand:
    return min((hand for hand in state.hands if hand.stage == stage), key=lambda hand: (_when(hand)[0], hand.id))


def _with(state: State, hand: Hand, after: Hand | None) -> State:
    others = tuple(h for h in state.hands if h.id != hand.id)
    return replace(state, hands=(*others, after) if after else others)

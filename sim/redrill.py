"""Re-drill: one case with and without accepted measures under the same luck, seed by seed – is it better, and for what reason?

One lucky run proves nothing. Each seed is run twice, as the plans were and as the measures made them; the luck of both is the
same by name, so that the difference of their scores is the measures' own and what followed from it. The interval is that of the
mean paired difference (bootstrap over the seeds); it says nothing of other cases.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from sim.analysis.review.against import state_of, tested
from sim.analysis.review.blocks import NO_ORIGIN, Finding
from sim.analysis.review.ground import Ground, both
from sim.analysis.review.problems import findings_of
from sim.case import Case
from sim.doors.measures import MeasureEntry
from sim.reader import read
from sim.reviews import terms
from sim.runs import run
from sim.scenario.compile import load_case
from sim.streams import Streams

_RESAMPLES = 10_000

Told = Callable[[int, int], None]  # pairs done, pairs in all


@dataclass(frozen=True)
class Effect:
    """What became of the finding that a measure answers, counted over the seeds in which it was there before."""

    measure: MeasureEntry
    found: int = 0
    gone: int = 0
    smaller: int = 0
    as_before: int = 0
    larger: int = 0
    untested: int = 0  # its duty never fell due with the measures

    @property
    def helps(self) -> bool:
        """Whether the finding went away or shrank more often than it grew."""
        return self.gone + self.smaller > self.larger


@dataclass(frozen=True)
class Trial:
    """One seed: scores (of 100), duties late or missed, and deaths, before and after."""

    seed: int
    score: tuple[float, float]
    late: tuple[int, int]
    dead: tuple[int, int]

    @property
    def gain(self) -> float:
        """By how much the score is better."""
        return self.score[1] - self.score[0]


@dataclass(frozen=True)
class Redrill:
    """All seeds, and what each measure did."""

    trials: tuple[Trial, ...]
    effects: tuple[Effect, ...]

    @property
    def gain(self) -> float:
        """The mean paired difference of the scores."""
        return fmean(t.gain for t in self.trials)

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """The interval of the mean paired difference: percentiles of the means of seeds drawn again with replacement."""
        gains = [t.gain for t in self.trials]
        luck, n = Streams(0)("redrill", "interval"), len(gains)
        means = sorted(fmean(gains[int(luck.uniform() * n)] for _ in gains) for _ in range(_RESAMPLES))
        out = round((1.0 - level) / 2.0 * _RESAMPLES)
        return means[out], means[-1 - out]


@dataclass(frozen=True)
class _Seen:
    ground: Ground
    findings: dict[str, Finding]
    score: float
    late: int
    dead: int


def redrill(case: Path | str, measures: Path | str, seeds: Sequence[int], told: Told | None = None) -> Redrill:
    """Run a case file under each seed without and with a file of measures (`review --accept`). Raises InvalidInput."""
    entries = read(Path(measures), list[MeasureEntry])
    trials: list[Trial] = []
    counts: dict[str, dict[str, int]] = {m.id: {} for m in entries}
    for n, seed in enumerate(seeds):
        before, after = (_seen(load_case(case, seed=seed, measures=m)) for m in (None, Path(measures)))
        trials.append(Trial(seed, (before.score, after.score), (before.late, after.late), (before.dead, after.dead)))
        for name, count in counts.items():
            if (old := before.findings.get(name)) is not None:
                for what in ("found", _became(old, after)):
                    count[what] = count.get(what, 0) + 1
        if told is not None:
            told(n + 1, len(seeds))
    return Redrill(tuple(trials), tuple(Effect(m, **counts[m.id]) for m in entries))


def _seen(case: Case) -> _Seen:
    made, numbers = run(case), terms()
    zh, en = both(made.events, made.cast, NO_ORIGIN, numbers)
    card = zh.settled.scorecard
    late = sum(o.outcome in ("late", "missed") for o in zh.settled.obligations)
    dead = int(made.summary["casualties"]["value"]["dead"]["total"])
    return _Seen(zh, {f.id: f for f in findings_of(zh, en)}, card.score if card else 0.0, late, dead)


def _became(old: Finding, after: _Seen) -> str:
    new = after.findings.get(old.id)
    if new is None:
        return "gone" if tested(after.ground, old) else "untested"
    return {"better": "smaller", "worse": "larger"}.get(state_of(after.ground, old, new), "as_before")

"""Reviews: the after-action review of a run folder, in a language and a form, with what its case says of the numbers behind it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec

from sim import catalog
from sim.analysis import review as reviewing
from sim.analysis.review.blocks import Assumed, Origin, Review
from sim.analysis.words import amount
from sim.domain.parameters import Parameter, Standing
from sim.doors.measures import MeasureEntry
from sim.doors.parameters import load_parameters
from sim.errors import LiandongError
from sim.journal.journal import digest
from sim.journal.run_folder import JOURNAL, Recorded, is_broken_off, open_run
from sim.reader import read
from sim.runs import load_again
from sim.units import show_span

SENSITIVITY, MEASURES = "sensitivity.json", "measures.yaml"


@dataclass(frozen=True)
class Reviewed:
    """A review and what it is of."""

    review: Review
    recorded: Recorded

    def render(self, to: str, *, brief: bool = False) -> bytes:
        """The review (or the brief for the mayor alone) as html, docx, md or json."""
        return reviewing.render(self.review, to, self.recorded.events, self.recorded.cast, brief=brief)

    def measures(self) -> str:
        """The measures of its findings as the file that `run --measures` takes.

        Raises `InvalidInput` if the case, or the city whose plans they change, could not be run as it is now, and
        `FolderRefused` if the run was broken off: what would have been found later is not known.
        """
        open_run(self.recorded.path)
        load_again(self.recorded)
        return reviewing.measures_file(self.review.findings, self.review.digest)


def review(run: Path | str, *, lang: str = "zh", against: Path | str | None = None) -> Reviewed:
    """The review of a run in a language (zh or en); FolderRefused or JournalRefused if the folder cannot be trusted.

    A run that was broken off is reviewed as far as it went, and the review says so.

    With `against`, the folder of an earlier run, it looks for that run's findings – for those whose measures were accepted,
    if a measures.yaml lies beside its journal.
    """
    recorded = open_run(Path(run), partial=is_broken_off(Path(run)))
    earlier = None if against is None else _earlier(Path(against))
    return Reviewed(
        reviewing.build(recorded.events, recorded.cast, lang, _origin(recorded, lang), terms(), earlier), recorded
    )


def broken_off(recorded: Recorded, lang: str) -> str:
    """That a run was broken off, and when; "" for one that was not."""
    if not is_broken_off(recorded.path):
        return ""
    at = show_span(recorded.events[-1].t if recorded.events else 0.0)
    return (
        f"；运行中断于 +{at}，本报告只到此为止"
        if lang == "zh"
        else f"; broken off at +{at}: this review goes no further"
    )


def terms() -> dict[str, float]:
    """The numbers of reviews (models/rules/review.yaml), SI."""
    path = catalog.models_root() / "rules" / "review.yaml"
    return {name: parameter.value for name, parameter in load_parameters(path).items()}


def _earlier(folder: Path) -> reviewing.Earlier:
    recorded = open_run(folder)
    file = folder / MEASURES
    accepted = frozenset(m.id for m in read(file, list[MeasureEntry])) if file.exists() else None
    origin = Origin(folder.name, digest(folder / JOURNAL), recorded.header.case_digest)
    return reviewing.Earlier(recorded.events, recorded.cast, origin, accepted)


def _origin(recorded: Recorded, lang: str = "en") -> Origin:
    numbers, known = _numbers(recorded)
    return Origin(
        recorded.path.name,
        digest(recorded.path / JOURNAL),
        recorded.header.case_digest,
        f"liandong {recorded.header.versions.get('liandong', '?')}{broken_off(recorded, lang)}",
        numbers,
        known,
        _swings(recorded.path),
    )


def _numbers(recorded: Recorded) -> tuple[tuple[Assumed, ...], bool]:
    """The unverified numbers of the accident models, if the case still compiles to what it was."""
    try:
        case = load_again(recorded)
    except LiandongError:
        return (), False
    if case.digest != recorded.header.case_digest:
        return (), False
    found = []
    for incident, maker in sorted(case.makers.items()):
        for name, passport in maker.card.parameters.items():
            p: Parameter = passport.parameter(name)
            if p.standing is not Standing.VERIFIED:
                drawn = case.incident_parameters[incident].get(name, p.value)
                value = amount(drawn, p.unit, "en")
                words = passport.description
                found.append(Assumed(incident, name, str(words.zh), str(words.en), value, p.standing.value, p.source))
    return tuple(found), True


def _swings(folder: Path) -> tuple[tuple[str, str, float, float], ...]:
    """What a sensitivity run beside the journal found for deaths; nothing where there is none, or none that can be read."""
    try:
        document = msgspec.json.decode((folder / SENSITIVITY).read_bytes())
        return tuple(
            (str(bar["incident"]), str(bar["parameter"]), float(bar["low"]["dead"]), float(bar["high"]["dead"]))
            for bar in document["bars"]
            if bar["low"]["dead"] != bar["high"]["dead"]
        )
    except (OSError, msgspec.DecodeError, KeyError, TypeError, ValueError):
        return ()

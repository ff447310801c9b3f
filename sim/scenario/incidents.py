"""One accident, resolved: nature, cause, scope and parameters by the model's names; spreads drawn, one luck a name."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim import catalog
from sim.case import IncidentSpec
from sim.catalog import HazardPlugin
from sim.domain.parameters import Spread, fixed
from sim.domain.places import Site
from sim.doors.common import Misfit, Written, spread_of
from sim.doors.hazard import HazardCard
from sim.doors.incident import IncidentEntry
from sim.errors import InvalidInput, suggest
from sim.ports import Hazard
from sim.reader import Loc
from sim.scenario.cards import is_count, limits_of, scenes_of, whole
from sim.scenario.issues import Issues, Names, Unknown
from sim.streams import Streams
from sim.units import from_si

STAGED = "staged"  # the nature of an accident that is described in a file beside the case
Bounds = tuple[float, float]


@dataclass(frozen=True)
class Compiled:
    """An accident as the engine needs it, and as the digest does: `facts` are the same for every luck."""

    spec: IncidentSpec
    plugin: HazardPlugin
    hazard: Hazard
    drawn: Mapping[str, float]
    facts: Mapping[str, Any]


class Natures:
    """The hazards by their names; those beside a case are read from there."""

    def __init__(self, folder: Path, issues: Issues) -> None:
        self.folder, self.issues = folder, issues
        self._known = catalog.hazards()
        self._beside: dict[str, HazardPlugin] = {}

    @property
    def sources(self) -> list[Path]:
        """The files beside the case that were used."""
        return [plugin.file for _, plugin in sorted(self._beside.items())]

    def plugin(self, loc: Loc, entry: IncidentEntry) -> HazardPlugin | None:
        """The hazard that an entry names; None if there is none, which is then told."""
        plugin = self._named(loc, entry)
        if plugin is None:
            return None
        try:
            return plugin if plugin.card else None
        except InvalidInput as error:
            self.issues.problems += error.problems
            return None

    def _named(self, loc: Loc, entry: IncidentEntry) -> HazardPlugin | None:
        if entry.nature == STAGED:
            return self._staged(loc, entry)
        if entry.model is not None:
            self.issues.say(
                (*loc, "model"), "only an accident of the nature 'staged' has a model file", "leave 'model' out"
            )
        if entry.nature in self._known or not entry.nature:
            return self._known.get(entry.nature)
        try:
            return self._known[
                Names("hazard", [(n, self._titles(p)) for n, p in self._known.items()]).one(entry.nature)
            ]
        except Unknown as error:
            self.issues.at((*loc, "nature"), error)
            return None

    def _staged(self, loc: Loc, entry: IncidentEntry) -> HazardPlugin | None:
        if entry.model is None:
            self.issues.say(
                loc, "an accident of the nature 'staged' needs the file that describes it", "add 'model: name.yaml'"
            )
            return None
        file = self.folder / entry.model
        if not file.is_file():
            near = sorted(f.name for f in self.folder.glob("*.yaml"))
            self.issues.say(
                (*loc, "model"), f"there is no file '{entry.model}' beside the case", suggest(entry.model, near)
            )
            return None
        if file.stem in self._known:
            self.issues.say((*loc, "model"), f"'{file.stem}' is the name of a hazard of the models", "rename the file")
        return self._beside.setdefault(file.stem, HazardPlugin(file.stem, file, root=None))

    @staticmethod
    def _titles(plugin: HazardPlugin) -> tuple[str, ...]:
        try:
            return plugin.card.title.zh, plugin.card.title.en
        except InvalidInput:
            return ()


def compiled(
    loc: Loc, entry: IncidentEntry, plugin: HazardPlugin, site: Site | None, occurs_at: float, *, night: bool,
    on_inject: bool, streams: Streams, issues: Issues,
) -> Compiled | None:  # fmt: skip
    """The accident of an entry; None if anything about it is wrong, which is then told."""
    card, before = plugin.card, len(issues.problems)
    cause = _cause(loc, entry, card, issues)
    variant = _variant(loc, entry, card, issues)
    scope = _scope(loc, entry, card, issues)
    spreads = _parameters(loc, entry, card, cause, variant or "", issues)
    day = card.discovery.night if night else card.discovery.day
    discovery = day.spread() if entry.discovery is None else _discovery((*loc, "discovery"), entry.discovery, issues)
    if (
        len(issues.problems) > before
        or site is None
        or cause is None
        or variant is None
        or discovery is None
        or not entry.id
    ):
        return None

    def draw(name: str, spread: Spread, bounds: Bounds) -> float:
        return min(max(spread.at(streams.uniform("parameter", entry.id, name)), bounds[0]), bounds[1])

    sizes = {name: draw(name, spread, card.scope[name].bounds) for name, spread in scope.items()}
    drawn = {name: draw(name, spread, card.parameters[name].bounds) for name, spread in spreads.items()}
    name = entry.name or card.title
    spec = IncidentSpec(
        id=entry.id, nature=plugin.name, occurs_at=occurs_at, site=site, cause=cause, scope=whole(sizes, card),
        name_zh=name.zh, name_en=name.en, scale=card.severity_scale, discovery=discovery, on_inject=on_inject, variant=variant,
        limits=limits_of(card),
        scenes=scenes_of(card, sizes),
    )  # fmt: skip
    facts = {"spec": {**_plain(spec), "scope": scope}, "parameters": spreads}
    try:
        return Compiled(spec, plugin, plugin.build(drawn), drawn, facts)
    except InvalidInput as error:
        issues.problems += error.problems
        return None


def _cause(loc: Loc, entry: IncidentEntry, card: HazardCard, issues: Issues) -> str | None:
    if not entry.cause:
        return next(iter(card.causes))
    try:
        return Names("cause", [(id_, (c.zh, c.en)) for id_, c in card.causes.items()]).one(entry.cause)
    except Unknown as error:
        issues.at((*loc, "cause"), error)
        return None


def _variant(loc: Loc, entry: IncidentEntry, card: HazardCard, issues: Issues) -> str | None:
    """The kind of thing concerned: what the entry says, the card's first, or "" where the card has none."""
    if not entry.variant:
        return next(iter(card.variants), "")
    if not card.variants:
        issues.say((*loc, "variant"), f"'{card.title.en}' has no variants", "leave 'variant' out")
        return None
    try:
        return Names("variant", [(id_, (v.zh, v.en)) for id_, v in card.variants.items()]).one(entry.variant)
    except Unknown as error:
        issues.at((*loc, "variant"), error)
        return None


def _scope(loc: Loc, entry: IncidentEntry, card: HazardCard, issues: Issues) -> dict[str, Spread]:
    """The scale variables: those of the grade, and what the entry says of each."""
    at = (*loc, "scope")
    said: dict[str, Written] = (entry.scope.model_extra or {}) if entry.scope else {}
    grade = entry.scope.grade if entry.scope else 1
    if grade is None and not said:
        issues.say(
            at,
            "neither a grade nor a scale variable is given",
            f"write 'grade: 较大', or any of: {', '.join(card.scope)}",
        )
    found = {name: fixed(variable.at_grade(grade or 1)) for name, variable in card.scope.items()}
    names = Names("scale variable", [(id_, (s.zh, s.en)) for id_, s in card.scope.items()])
    for written, value in said.items():
        try:
            name = names.one(written)
        except Unknown as error:
            what, _, remedy = str(error).partition("; ")
            issues.say((*at, written), what, remedy, key=True)
            continue
        variable = card.scope[name]
        here = (*at, written)
        spread = _spread(here, value, variable.dimension, issues)
        if spread is None or not _whole(here, value, spread, variable.unit, issues):
            continue
        if _inside(here, spread, variable.bounds, variable.unit, issues):
            found[name] = spread
    return found


def _parameters(
    loc: Loc, entry: IncidentEntry, card: HazardCard, cause: str | None, variant: str, issues: Issues
) -> dict[str, Spread]:
    """Every parameter of the model: as its card has it for this cause and variant, unless the entry says otherwise."""
    found = {
        name: card.spread(name, cause, variant) if cause else card.parameters[name].spread() for name in card.parameters
    }
    for name, written in (entry.parameters or {}).items():
        at = (*loc, "parameters", name)
        if name not in card.parameters:
            issues.say(at, f"there is no parameter '{name[:40]}'", suggest(name, sorted(card.parameters)), key=True)
            continue
        passport = card.parameters[name]
        spread = _spread(at, written, passport.dimension, issues)
        if spread is not None and _inside(at, spread, passport.bounds, passport.unit, issues):
            found[name] = spread
    return found


def _discovery(loc: Loc, written: Written, issues: Issues) -> Spread | None:
    spread = _spread(loc, written, "time", issues)
    least = spread.figures[0] if spread is not None else 0.0  # of a normal one the mean: its tail is cut at none
    if least < 0.0:
        issues.say(loc, "nobody finds an accident before it happens", "leave out the '-'")
        return None
    return spread


def _whole(loc: Loc, written: Written, spread: Spread, unit: str, issues: Issues) -> bool:
    """Whether a number of people or things that is said outright is a whole one; what is drawn is rounded."""
    if not isinstance(written, str) or not is_count(unit) or spread.median == round(spread.median):
        return True
    low, high = math.floor(spread.median), math.ceil(spread.median)
    issues.say(loc, f"{spread.median:g} {unit} is no whole number", f"write {low} or {high}")
    return False


def _spread(loc: Loc, written: Written, dimension: str, issues: Issues) -> Spread | None:
    try:
        return spread_of(written, dimension)
    except Misfit as misfit:
        what, remedy, at = misfit.told(loc)
        issues.say(at, what, remedy)
        return None


def _inside(loc: Loc, spread: Spread, bounds: Bounds, unit: str, issues: Issues) -> bool:
    low, high = bounds
    if low <= spread.median <= high:
        return True
    ends = f"{from_si(low, unit):g} to {from_si(high, unit):g} {unit}"
    issues.say(
        loc, f"{from_si(spread.median, unit):g} {unit} is outside {ends}, the range of the model", "correct the value"
    )
    return False


def _plain(spec: IncidentSpec) -> dict[str, Any]:
    return {name: getattr(spec, name) for name in spec.__struct_fields__}

"""A case file → a Case: names resolved, places on the network, luck drawn, everything frozen, with a digest."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import msgspec

from sim import catalog
from sim.case import Case, City, Expectation, Inject, Objective
from sim.catalog import HazardPlugin
from sim.domain.cascades import Edge
from sim.domain.command import Conduct
from sim.domain.parameters import Parameter, Standing
from sim.domain.places import Surroundings
from sim.doors.actions import Begin
from sim.doors.case import CaseFile
from sim.doors.city import load_city
from sim.doors.common import Misfit, spread_of
from sim.doors.incident import IncidentEntry
from sim.doors.injects import InjectEntry
from sim.doors.msel import with_list
from sim.errors import InvalidInput, Problem, suggest
from sim.reader import Document, Loc, load
from sim.scenario import digest
from sim.scenario.cast import words_of
from sim.scenario.children import Nursery
from sim.scenario.clock import Clock
from sim.scenario.conduct import conduct
from sim.scenario.exercise import exercise, expected_ids
from sim.scenario.incidents import Compiled, Natures, compiled
from sim.scenario.issues import Issues, salvage
from sim.scenario.measures import with_measures, with_practice
from sim.scenario.places import Gazetteer, Places
from sim.scenario.setting import patched
from sim.scenario.surroundings import Around
from sim.scenario.weather import Skies, skies
from sim.sentences import MOST_TOLD
from sim.streams import Streams
from sim.units import HOUR, dimension_of, from_si, show_span

_JUDGING = ("review.", "limits.")  # numbers by which a run is judged afterwards, or a case beforehand: no facts of it
# Numbers that no run draws in a city that has nothing they are about: they are no facts of its cases either.
_ABOUT = {
    "plans": (
        "aftermath.",
        "headquarters.",
        "notices.",
        "conduct.",
        "care.mates_after",
        "reporting.stable_after",
        "reporting.follow_up_stable",
    ),
    "depots": ("stores.",),
    "forces": ("forces.",),
    "own_way": ("care.own_way_",),
}


def load_case(
    path: Path | str, *, strategy: str | None = None, seed: int | None = None, replication: int = 0,
    settings: Sequence[str] = (), measures: Path | None = None, data: Path | None = None,
) -> Case:  # fmt: skip
    """The case in the file at `path`, ready to run. Raises `InvalidInput` with every problem of the file.

    `strategy` and `seed` win over what the file says; `settings` are PATH=VALUE and change the file before it is checked;
    `measures` is a file of accepted measures, which the run goes by;
    `data` is the folder that holds cities/ (the program's own scenarios if none is given). Raises `UnknownName` for a
    `strategy` that does not exist.
    """
    if strategy is not None:
        catalog.strategy(strategy)
    file = Path(path)
    cells: list[Problem] = []
    doc, listed = with_list(load(file), file.parent, cells)
    doc = patched(doc, settings)
    if measures is not None:
        accepted = load(measures)
        doc = doc.with_value(("measures",), accepted)
        settings = (
            *settings,
            f"measures={json.dumps(accepted.data, ensure_ascii=False)}",
        )  # as one could have set them
    issues, written = _read(doc)
    if written is None:
        raise InvalidInput(_all(cells, issues))
    parts = _resolve(written, issues, file, data or catalog.scenarios_root(), seed, replication)
    if parts is None or cells or issues.problems:
        raise InvalidInput(_all(cells, issues))
    return _assembled(written, replace(parts, beside=[*parts.beside, *listed]), file, strategy, tuple(settings))


def check_case(path: Path | str, *, data: Path | None = None) -> list[Problem]:
    """Every problem of a case file: of its form, of its names, of its numbers, in the order of its lines."""
    cells: list[Problem] = []
    try:
        issues, written = _read(with_list(load(Path(path)), Path(path).parent, cells)[0])
    except InvalidInput as error:
        return list(error.problems)
    if written is not None:
        _resolve(written, issues, Path(path), data or catalog.scenarios_root(), None, 0)
    return sorted(set(_all(cells, issues)))


def _all(cells: Sequence[Problem], issues: Issues) -> list[Problem]:
    """The cells that cannot be read, and what is wrong besides; a cell that cannot be read is told once."""
    unread = {(p.sheet, p.line, p.column) for p in cells}
    return [*cells, *(p for p in issues.problems if (p.sheet, p.line, p.column) not in unread)]


@dataclass(frozen=True)
class _Parts:
    """What a case is made of, resolved."""

    city: City
    folder: Path  # of the city
    clock: Clock
    rules: Mapping[str, Parameter]
    weather: Skies
    incidents: Sequence[Compiled]
    injects: Sequence[Inject]
    expectations: Sequence[Expectation]
    objectives: Sequence[Objective]
    seed: int
    replication: int
    beside: Sequence[Path]
    edges: Mapping[str, tuple[Edge, ...]]
    nursery: Nursery
    conduct: tuple[Conduct, ...]


def _read(doc: Document) -> tuple[Issues, CaseFile | None]:
    """The file as its models have it. What they find wrong is left out, so that the rest is checked all the same."""
    file, problems = doc.check(CaseFile)
    if file is None and len(problems) < MOST_TOLD:
        file = salvage(CaseFile, doc.data)
    return Issues(doc, problems), file


def _resolve(
    file: CaseFile, issues: Issues, path: Path, data: Path, seed: int | None, replication: int
) -> _Parts | None:
    """Every part of the case; None where so much is wrong that nothing more can be said. Problems go to `issues`."""
    clock = Clock(file, issues)
    folder = data / "cities" / str(file.city)
    city = _city(file, folder, clock, issues)
    if city is None:
        return None
    clock.settle(city.timezone)
    try:
        rules = catalog.rules(clock.day)
        if city.depots is None:  # what nobody uses is no part of the case
            rules = {name: number for name, number in rules.items() if not name.startswith("stores.")}
    except InvalidInput as error:
        issues.problems += error.problems
        return None
    rules |= city.force_numbers
    rules |= dict(_overrides(file, rules, issues))
    rules = with_practice(rules, file.measures or (), issues)
    city = with_measures(city, file.measures or (), issues)
    if city.plans is not None:
        city = replace(city, plans=city.plans.with_numbers({name: number.value for name, number in rules.items()}))
    if file.strategy and file.strategy not in catalog.strategies():
        what = f"there is no dispatch strategy '{file.strategy[:40]}'"
        issues.say(("strategy",), what, suggest(file.strategy, list(catalog.strategies())))
    names, natures = Gazetteer(city), Natures(path.parent, issues)
    luck = Streams(file.seed or 0 if seed is None else seed, replication)
    weather = skies(file, city, names, clock, rules, luck, issues)
    places = Places(city, names, rules, issues)
    around = Around(city, rules, clock.calendar)
    begun = _begun(file)
    made: dict[Loc, Compiled] = {}
    cards = {}
    for loc, entry in _entries(file):
        plugin = natures.plugin(loc, entry)
        cards[entry.id or ""] = plugin.card if plugin else None
        occurs = clock.offset((*loc, "time"), entry.time)
        if isinstance(file.horizon, float) and occurs >= file.horizon and entry.id not in begun:
            what = f"'{entry.time}' lies beyond the horizon of {show_span(file.horizon)}, when the run ends"
            issues.say((*loc, "time"), what, "begin it sooner, or write a longer 'horizon'")
        site = places.site((*loc, "location"), entry.location, entry.id or "")
        if plugin is None:
            continue
        at, inject = begun.get(entry.id, (loc, None))
        begins = clock.offset((*at, "at"), inject.at) if inject and inject.at else occurs
        night = _is_night(begins, clock, rules)
        accident = compiled(
            loc, entry, plugin, site, occurs, night=night, on_inject=entry.id in begun, streams=luck, issues=issues
        )
        if accident is not None:
            made[loc] = _within(accident, around(accident.spec.site, begins))
    drill = exercise(file, city, names, cards, weather.start, made, clock, issues)
    _unique(file, issues)
    city = replace(city, network=places.network())
    edges = _edges(file, [accident.plugin for accident in made.values()], rules, issues)
    return _Parts(
        city=city, folder=folder, clock=clock, rules=dict(sorted(rules.items())),
        weather=weather, incidents=sorted(made.values(), key=lambda c: c.spec.id),
        injects=drill.injects, expectations=drill.expectations, objectives=drill.objectives, seed=luck.seed,
        replication=replication, beside=natures.sources, edges=edges,
        conduct=conduct(names.posts, list(cards), file.conduct or (), issues),
        nursery=Nursery(city, places, rules, luck, around, lambda t: _is_night(t, clock, rules)),
    )  # fmt: skip


def _idle(city: City) -> tuple[str, ...]:
    return _JUDGING + tuple(
        prefix for what, prefixes in _ABOUT.items() if not getattr(city, what) for prefix in prefixes
    )


def _assembled(file: CaseFile, parts: _Parts, path: Path, strategy: str | None, settings: tuple[str, ...]) -> Case:
    sources = {p.name: p.read_bytes() for p in (path, *parts.beside)}
    speeds = parts.folder / "speeds.yaml"
    facts = {
        "starts_at": parts.clock.text,
        "horizon": file.horizon,
        "weather": parts.weather.facts,
        "incidents": [accident.facts for accident in parts.incidents],
        "injects": [digest.lean(inject, digest.INJECT) for inject in parts.injects],
        "expectations": [digest.lean(expected, digest.EXPECTATION) for expected in parts.expectations],
        **({"objectives": parts.objectives} if parts.objectives else {}),
        "rules": {name: p.spread for name, p in parts.rules.items() if not name.startswith(_idle(parts.city))},
        "edges": parts.edges,
        **({"conduct": parts.conduct} if parts.conduct else {}),
        "speeds": digest.of_bytes(speeds.read_bytes()) if speeds.is_file() else "",
        **({"platform": file.platform} if file.platform != "on" else {}),
        **({"sensitive": True} if file.sensitive else {}),
    }
    models = catalog.models_root()
    files = {name: digest.of_bytes(content) for name, content in sources.items()}
    files |= digest.of_files(digest.city_files(parts.folder), parts.folder, f"cities/{parts.city.id}/")
    files |= digest.of_files(models.glob("*/*.yaml"), models, "models/")
    own = (c.plugin.file for c in parts.incidents if c.plugin.file.is_relative_to(models))
    files |= digest.of_files(own, models, "models/")
    files |= digest.of_files(_following(parts.edges), models, "models/")
    rules = parts.rules
    return Case(
        id=path.stem, name_zh=file.name.zh, name_en=file.name.en, city=parts.city, starts_at=parts.clock.text,
        calendar=parts.clock.calendar, weather=parts.weather.start, forecast=parts.weather.forecast,
        incidents=tuple(c.spec for c in parts.incidents),
        hazards={c.spec.id: c.hazard for c in parts.incidents}, injects=tuple(parts.injects),
        expectations=tuple(parts.expectations), rules=rules, strategy=strategy or file.strategy,
        strategies=partial(catalog.strategy, numbers=rules), assessor=catalog.assessor(parts.city.levels),
        mortality=catalog.mortality(rules), seed=parts.seed, replication=parts.replication, horizon=file.horizon,
        digest=digest.of_case(parts.city, facts), files=dict(sorted(files.items())), sources=sources, overrides=settings,
        edges=parts.edges, nursery=parts.nursery, conduct=parts.conduct, makers={c.spec.id: c.plugin for c in parts.incidents},
        incident_parameters={c.spec.id: dict(c.drawn) for c in parts.incidents}, platform=file.platform,
        sensitive=file.sensitive, scales=catalog.scales(),
        objectives=tuple(parts.objectives),
        words={c.spec.nature: words_of(c.plugin.card) for c in parts.incidents if c.plugin.file in parts.beside},
    )  # fmt: skip


# ── the parts ──


def _city(file: CaseFile, folder: Path, clock: Clock, issues: Issues) -> City | None:
    if not file.city:
        return None
    if not (folder / "city.yaml").is_file():
        known = sorted(f.parent.name for f in folder.parent.glob("*/city.yaml"))
        issues.say(("city",), f"there is no city '{file.city}'", suggest(file.city, known))
        return None
    try:
        return load_city(folder, unverified=file.unverified_roads, month=clock.month, models=catalog.models_root())
    except InvalidInput as error:
        issues.problems += error.problems
        return None


def _overrides(file: CaseFile, rules: Mapping[str, Parameter], issues: Issues) -> Iterator[tuple[str, Parameter]]:
    """Numbers of the models that the case says are other."""
    for name, written in (file.rules or {}).items():
        loc = ("rules", name)
        if name not in rules:
            issues.say(loc, f"there is no number '{name[:60]}' in the models", suggest(name, sorted(rules)), key=True)
            continue
        rule = rules[name]
        try:
            spread = spread_of(written, dimension_of(rule.unit))
        except Misfit as misfit:
            what, remedy, at = misfit.told(loc)
            issues.say(at, what, remedy)
            continue
        if not rule.low <= spread.median <= rule.high:
            ends = f"{from_si(rule.low, rule.unit):g} to {from_si(rule.high, rule.unit):g} {rule.unit}"
            issues.say(
                loc, f"{from_si(spread.median, rule.unit):g} {rule.unit} is outside {ends}, the range of this number"
            )
        yield name, msgspec.structs.replace(rule, spread=spread, source="the case file", standing=Standing.CONFIG)


def _edges(
    file: CaseFile, plugins: Sequence[HazardPlugin], rules: Mapping[str, Parameter], issues: Issues
) -> dict[str, tuple[Edge, ...]]:
    """What may follow the accidents of the day, as far down as the run will let it go."""
    if not file.cascades:
        return {}
    try:
        return catalog.cascades(plugins, round(rules["cascades.depth"].value))
    except InvalidInput as error:
        issues.problems += error.problems
        return {}


def _following(edges: Mapping[str, Sequence[Edge]]) -> list[Path]:
    """The cards of all accidents that may follow."""
    known = catalog.hazards()
    return [known[nature].file for nature in sorted({edge.to for some in edges.values() for edge in some})]


def _within(accident: Compiled, around: Surroundings) -> Compiled:
    """An accident with what lies around its place, which is a fact of the case."""
    spec = msgspec.structs.replace(accident.spec, around=around)
    return replace(accident, spec=spec, facts={**accident.facts, "spec": {**accident.facts["spec"], "around": around}})


def _entries(file: CaseFile) -> Iterator[tuple[Loc, IncidentEntry]]:
    """Every accident with its place in the file: those of the day, and those described where an inject begins them."""
    for i, entry in enumerate(file.incidents or ()):
        if entry is not None:
            yield ("incidents", i), entry
    for i, inject in enumerate(file.events or ()):
        for j, action in enumerate((inject.do if inject else None) or ()):
            if isinstance(action, Begin) and isinstance(action.incident, IncidentEntry):
                yield ("injects", i, "do", j, "incident"), action.incident


def _begun(file: CaseFile) -> dict[str, tuple[Loc, InjectEntry]]:
    """Which inject begins an accident, and where it stands, by the accident's id."""
    found: dict[str, tuple[Loc, InjectEntry]] = {}
    for i, inject in enumerate(file.events or ()):
        for action in (inject.do if inject else None) or ():
            if inject is not None and isinstance(action, Begin):
                id_ = action.incident if isinstance(action.incident, str) else action.incident.id
                found.setdefault(id_, (("injects", i), inject))
    return found


def _unique(file: CaseFile, issues: Issues) -> None:
    """An id stands for one thing."""
    injects = [(("injects", i), e.id) for i, e in enumerate(file.events or ()) if e]
    objectives = [(("objectives", i), e.id) for i, e in enumerate(file.objectives or ()) if e]
    for entries in ([(loc, e.id) for loc, e in _entries(file)], injects, list(expected_ids(file)), objectives):
        first: dict[str, Loc] = {}
        for loc, id_ in entries:
            if id_ and first.setdefault(id_.casefold(), loc) != loc:
                there = issues.doc.mark((*first[id_.casefold()], "id"))
                what = f"'{id_}' was already given at {there}"
                issues.say((*loc, "id"), what, "give each its own id")


def _is_night(t: float, clock: Clock, rules: Mapping[str, Parameter]) -> bool:
    hour = clock.calendar.hour_at(t) * HOUR
    return not rules["daylight.dawn"].value <= hour < rules["daylight.dusk"].value

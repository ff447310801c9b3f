"""Checks between the files of a city: names that must stand for something, totals, roads that hang together."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import chain
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from sim.doors.city_files import Files, links_of, node_of
from sim.doors.city_language import CityFile, LevelsEntry, TeamRow
from sim.doors.forces import force_mistakes
from sim.doors.homes import Homes, weights_of
from sim.doors.plan_around import natures_in
from sim.errors import Problem, nearest, suggest
from sim.reader import Document, Loc, Table
from sim.roads import network

FAR = 100.0  # m; the end of a link's shape that lies farther from its node is not meant
SEASON = 12  # months


def mistakes(files: Files) -> Iterator[Problem]:
    """What keeps the files from being a city; what depends on a file that could not be read is not judged."""
    yield from _unique(files.nodes, "node_id")
    yield from _unique(files.roads, "road_id")
    yield from _unique(files.towns, "code")
    yield from _unique(files.places, "poi_id")
    yield from _unique(files.teams, "team_id")
    yield from _unique(files.climate, "county_code", "month")
    yield from _unique(files.rivers, "name_zh")
    yield from _unique(files.intakes, "intake_id")
    yield from _unique(files.reservoirs, "poi_id")
    counties, nodes = _counties(files), _ids(files.nodes, "node_id")
    towns, classes = _ids(files.towns, "code"), files.speeds.road_classes if files.speeds else None
    for table in (files.nodes, files.towns, files.places, files.climate):
        yield from _known(table, "county_code", counties, "county")
    yield from _known(files.nodes, "town_code", towns, "township")
    yield from _known(files.places, "nearest_town_code", towns, "township")
    yield from _known(files.roads, "from_id", nodes, "node")
    yield from _known(files.roads, "to_id", nodes, "node")
    yield from _known(files.roads, "road_class", classes, "road class with a speed")
    yield from _waters(files, towns)
    yield from _city(files, nodes)
    yield from _teams(files)
    if files.stores is not None and nodes is not None:
        yield from files.stores.mistakes(nodes, files.speeds.vehicles if files.speeds else ())
    yield from _forces(files)
    yield from _months(files)
    yield from _shapes(files)


def findings(files: Files, models: Path) -> Iterator[Problem]:
    """What a city's author should know besides: gaps that a run would not stumble over."""
    if files.city is not None and files.document is not None:
        zones = available_timezones()  # empty where the system has no table of them
        if zones and files.city.timezone not in zones:
            near = suggest(files.city.timezone, sorted(zones))
            yield files.document.problem(("timezone",), f"no time zone '{files.city.timezone}'", near)
        yield from _natures(files, models)
    yield from _strangers(files)
    yield from _unsupplied(files)


def _roads(files: Files) -> Iterator[Problem]:
    """Lengths that cannot be, parts that do not hang together: what the network itself finds, at the rows it is about."""
    assert files.nodes is not None and files.roads is not None, "asked of files that could be read"
    rows = {row.node_id: (files.nodes, i, "node_id") for i, row in enumerate(files.nodes.rows)}
    for i, row in enumerate(files.roads.rows):
        rows[row.road_id] = (files.roads, i, "to_id" if row.from_id == row.to_id else "length_km")  # type: ignore[assignment]
    for unverified in (False, True):
        for finding in network.problems(map(node_of, files.nodes.rows), links_of(files, unverified=unverified)):
            id_, _, what = finding.partition(": ")
            table, i, column = rows[id_]
            yield table.problem(i, column, what)


def road_mistakes(files: Files) -> Iterator[Problem]:
    """As `mistakes`, of the road network as a whole: to be asked when its rows are sound one by one."""
    yield from dict.fromkeys(_roads(files))


# ── tables ──


def _unique(table: Table[Any] | None, *columns: str) -> Iterator[Problem]:
    first: dict[tuple[str, ...], int] = {}
    for i, row in enumerate(table.rows if table else ()):
        id_ = tuple(str(getattr(row, column)) for column in columns)
        if id_ in first and table:
            before = table.problem(first[id_], columns[0], "")
            place = f"{before.file}:{before.line}:{before.column}"
            yield table.problem(i, columns[0], f"'{' '.join(id_)}' was already given at {place}", "keep one of them")
        first.setdefault(id_, i)


def _ids(table: Table[Any] | None, column: str) -> list[str] | None:
    return sorted({getattr(row, column) for row in table.rows}) if table else None


def _known(table: Table[Any] | None, column: str, valid: Collection[str] | None, noun: str) -> Iterator[Problem]:
    """Rows whose field, if anything stands there, names nothing that is known."""
    if table is None or valid is None:
        return
    names = sorted(valid)
    for i, row in enumerate(table.rows):
        name = getattr(row, column)
        if name and name not in valid:
            yield table.problem(i, column, f"no {noun} '{name}'", suggest(name, names))


# ── waters ──


def _waters(files: Files, towns: list[str] | None) -> Iterator[Problem]:
    """Rivers are drawn, and flow on in one that is; what takes water from them is for towns that there are."""
    drawn = [*files.river_lines]
    yield from _known(files.rivers, "name_zh", drawn, "river in lines.geojson")
    yield from _known(files.rivers, "into", drawn, "river in lines.geojson")
    yield from _known(files.reservoirs, "poi_id", _ids(files.places, "poi_id"), "place")
    if files.rivers is not None:
        into = {row.name_zh: row.into for row in files.rivers.rows}
        for i, row in enumerate(files.rivers.rows):
            on, met = row.into, {row.name_zh}
            while on and on not in met:
                met.add(on)
                on = into.get(on, "")
            if on == row.name_zh:
                yield files.rivers.problem(
                    i, "into", "the water comes back to where it was", "leave 'into' empty at the last"
                )
    tables: tuple[tuple[Table[Any] | None, str], ...] = ((files.intakes, "serves"), (files.reservoirs, "supplies"))
    for table, column in tables:
        for i, row in enumerate(table.rows if table and towns is not None else ()):
            for code in getattr(row, column).split():
                if table and towns is not None and code not in towns:
                    yield table.problem(i, column, f"no township '{code}'", suggest(code, towns))


# ── city.yaml ──


def _counties(files: Files) -> list[str] | None:
    return sorted({a.county for a in files.city.areas.values() if a.county}) if files.city else None


def _city(files: Files, nodes: list[str] | None) -> Iterator[Problem]:
    if files.city is None or files.document is None:
        return
    of: dict[str, str] = {}
    for name, area in files.city.areas.items():
        at: Loc = ("areas", name)
        if nodes is not None and area.seat not in nodes:
            yield files.document.problem((*at, "seat"), f"no node '{area.seat}'", suggest(area.seat, nodes))
        if area.county and of.setdefault(area.county, name) != name:
            what = f"the county '{area.county}' is already that of {of[area.county]}"
            yield files.document.problem((*at, "county"), what, "a county is one area")
    places, (low, high) = _ids(files.places, "poi_id"), files.city.hospitals.range
    for id_, count in files.city.hospitals.places.items():
        at = ("hospitals", "places", id_)
        if places is not None and id_ not in places:
            yield files.document.problem(at, f"no place '{id_}'", suggest(id_, places), key=True)
        if not low <= count <= high:
            yield files.document.problem(at, f"{count} places cannot be meant", f"the range is {low} to {high}")
    if files.speeds is not None:
        for i, name in enumerate(files.city.limited_access):
            if name not in (classes := files.speeds.road_classes):
                what = f"no road class '{name}' with a speed"
                yield files.document.problem(("limited_access", i), what, suggest(name, classes))
    yield from _levels(files, files.document, files.city.levels)


def _levels(files: Files, document: Document, levels: LevelsEntry | None) -> Iterator[Problem]:
    """Response levels are said once: by the city's plans, or in city.yaml where it has none."""
    if levels is None and files.plans is None:
        yield document.problem((), "the key 'levels' is missing", "write it, or the city's plans")
    elif levels is not None and files.plans is not None:
        what = "the city has plans, which say its levels"
        yield document.problem(("levels",), what, "remove one of them", key=True)
    elif levels is not None and "default" not in levels.by_nature:
        what = "the key 'default' is missing"
        yield document.problem(("levels", "by_nature"), what, "it holds for all other natures")


def _natures(files: Files, models: Path) -> Iterator[Problem]:
    """Natures that look misspelt; one that resembles none here may be that of a model installed besides."""
    assert files.city is not None and files.document is not None, "asked of a file that could be read"
    natures = natures_in(models)
    for name in files.city.levels.by_nature if files.city.levels else ():
        if name != "default" and name not in natures and (near := nearest(name, natures, 1)):
            at: Loc = ("levels", "by_nature", name)
            yield files.document.problem(at, f"no accident model '{name}'", f"did you mean '{near[0]}'?", key=True)


# ── the roster ──


def _teams(files: Files) -> Iterator[Problem]:
    if files.teams is None or files.city is None:
        return
    yield from _known(files.teams, "area", files.city.areas, "area")
    yield from _homes(files, files.teams, files.city)
    yield from _kinds(files, files.teams)
    if files.city.expect is not None and files.document is not None:
        found = {"teams": len(files.teams.rows), "people": sum(row.headcount for row in files.teams.rows)}
        for key, expected in files.city.expect:
            if expected != found[key]:
                what = f"{expected} {key} are expected, teams.csv has {found[key]}"
                yield files.document.problem(("expect", key), what, "correct the one that is wrong")


def _homes(files: Files, table: Table[TeamRow], city: CityFile) -> Iterator[Problem]:
    if files.nodes is None or files.towns is None or files.places is None:
        return
    homes = Homes.of(city, files.nodes.rows, files.towns.rows, files.places.rows)
    known = homes.known()
    for i, row in enumerate(table.rows):
        if row.area in city.areas and not homes.of_team(row.home, city.areas[row.area]):
            if row.home in known:
                what = f"the area {row.area} has no '{row.home}'"
                yield table.problem(i, "home", what, "name a node, a place or 'seat'")
            else:
                yield table.problem(i, "home", f"no home '{row.home}'", suggest(row.home, known))


def _kinds(files: Files, table: Table[TeamRow]) -> Iterator[Problem]:
    if files.elements is None:
        return
    yield from _known(table, "category", files.elements.categories, "category")
    for i, row in enumerate(table.rows):
        try:
            weights = weights_of(row.kinds, row.category, files.elements.splits.get(row.category, {}))
        except ValueError as error:
            what, _, remedy = str(error).partition("; ")
            yield table.problem(i, "kinds", what, remedy)
            continue
        kinds = sorted(k.partition(".")[2] for k in files.elements.kinds if k.startswith(f"{row.category}."))
        for code in weights if kinds else ():
            if code not in files.elements.kinds:
                kind = code.partition(".")[2]
                yield table.problem(i, "kinds", f"{row.category} has no kind '{kind}'", suggest(kind, kinds))


# ── forces that others decide over ──


def _forces(files: Files) -> Iterator[Problem]:
    if files.forces is None or files.forces_document is None or not files.force_numbers:
        return
    teams = {row.team_id: row.headcount for row in files.teams.rows} if files.teams else None
    kinds = files.elements.kinds if files.elements else None
    nodes = _ids(files.nodes, "node_id")
    yield from force_mistakes(
        files.forces, files.forces_document, files.force_numbers, nodes, teams, kinds, _counties(files)
    )


# ── findings ──


def _months(files: Files) -> Iterator[Problem]:
    counties = _counties(files)
    if files.climate is None or counties is None:
        return
    given = {(row.county_code, row.month) for row in files.climate.rows}
    for county in counties:
        if missing := [m for m in range(1, SEASON + 1) if (county, m) not in given]:
            what = f"the county '{county}' has no weather for month {', '.join(map(str, missing))}"
            yield _nowhere(files, "climate.csv", "", what, "add a line a month")


def _shapes(files: Files) -> Iterator[Problem]:
    """The shape of a link goes from its one node to the other."""
    if files.roads is not None and files.nodes is not None:
        points = {row.node_id: node_of(row).point for row in files.nodes.rows}
        ends = {row.road_id: (points.get(row.from_id), points.get(row.to_id)) for row in files.roads.rows}
        for id_, shape in sorted(files.shapes.items()):
            for node, point in zip(ends.get(id_, (None, None)), (shape[0], shape[-1]), strict=True):
                if node is not None and node.distance(point) > FAR:
                    what = f"its shape ends {node.distance(point):.0f} m from its node"
                    yield _nowhere(files, "roads.geojson", id_, what, "draw it from node to node")


def _strangers(files: Files) -> Iterator[Problem]:
    """Shapes of links and outlines of counties that are not there, and counties without one."""
    if files.roads is not None:
        ids = _ids(files.roads, "road_id") or []
        for id_ in sorted({*files.shapes} - {*ids}):
            yield _nowhere(files, "roads.geojson", id_, f"no link '{id_}' in roads.csv", suggest(id_, ids))
    counties = _counties(files)
    if files.outlines and counties is not None:
        for code in sorted({*files.outlines} ^ {*counties}):
            what = f"the county '{code}' has {'no area in city.yaml' if code in files.outlines else 'no outline'}"
            yield _nowhere(files, "counties.geojson", code, what)


def _unsupplied(files: Files) -> Iterator[Problem]:
    """Capabilities that no team of the roster supplies."""
    if files.teams is None or files.elements is None or files.capabilities is None:
        return
    used: set[str] = set()
    for row in files.teams.rows:
        if row.category in files.elements.splits:
            try:
                used |= {*weights_of(row.kinds, row.category, files.elements.splits[row.category])}
            except ValueError:
                return
    supplied = set(chain.from_iterable(files.elements.kinds[k].supplies for k in used if k in files.elements.kinds))
    for code, capability in files.capabilities.items():
        if code not in supplied:
            what = f"nobody here supplies {code} ({capability.name_zh} {capability.name_en})"
            yield _nowhere(files, "teams.csv", "", what, "whoever needs it must ask outside the city")


def _nowhere(files: Files, name: str, subject: str, what: str, remedy: str = "") -> Problem:
    """A finding about a file as a whole, or about a part of it that has no line."""
    return Problem(files.named(name), 1, 1, subject, what, remedy)

"""The city: a folder of tables and one `city.yaml` → `City`; or everything that keeps it from being one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec

from sim.case import City, Climate, County, Facility, Hospital, Town
from sim.domain.command import Post, Tier
from sim.domain.places import Point
from sim.domain.teams import Holding, Team
from sim.domain.waters import Intake, Reservoir, River
from sim.doors.city_checks import findings, mistakes, road_mistakes
from sim.doors.city_files import MODELS, Files, fingerprint, links_of, node_of, read_files
from sim.doors.city_language import CityFile, PlaceRow, PostEntry, TownRow
from sim.doors.forces import force_book
from sim.doors.homes import Homes, weights_of
from sim.doors.outlines import Rings, areas_of, touching
from sim.doors.outlines import area as area_within
from sim.doors.plan_around import around_plans, known_alone
from sim.doors.plan_checks import plan_faults, plan_findings
from sim.doors.plan_supply import supply_findings
from sim.doors.plans import levels_of, read_plans_of
from sim.doors.roster import Home, holdings_of
from sim.doors.stores import stores_of
from sim.errors import InvalidInput, Problem
from sim.roads import geometry
from sim.roads.network import Link, Network, Node
from sim.texts import shown
from sim.units import to_si

_MOST_KEPT = 16
_KEPT: dict[tuple[str, str, bool | None, int], City] = {}  # by the bytes it was made of: nobody changes a city
SEASONS = (1, 7)  # months for which the roster is held against the plans: the dry season and the wet
PROVINCE, CITY = "PROVINCE", "CITY"  # posts that every city has; the ids of the others are the codes of their areas


def load_city(folder: Path, *, unverified: bool | None = None, month: int = 1, models: Path = MODELS) -> City:
    """The city in a folder, as it is in that month (1–12). Raises `InvalidInput` with every mistake of its files, and with
    every fault for which its plans cannot be worked by.

    `unverified` says whether roads whose opening was not confirmed are there; as `city.yaml` says if not given.
    """
    key = (fingerprint(folder), fingerprint(models), unverified, month)
    if key in _KEPT and all(key[:2]):
        return _KEPT[key]
    files = read_files(folder, models)
    faults = plan_faults(files.plans, around_plans(models, None)) if files.plans else ()
    if problems := [*_mistakes(files), *faults]:
        raise InvalidInput(problems)
    made = _city(files, unverified, month)
    while len(_KEPT) >= _MOST_KEPT:
        _KEPT.pop(next(iter(_KEPT)))
    _KEPT[key] = made
    return made


def check_city(folder: Path, *, models: Path = MODELS) -> list[Problem]:
    """Everything wrong with a city's folder, and what it lacks; sorted by place, empty if nothing."""
    files = read_files(folder, models)
    wrong = _mistakes(files)
    return sorted({*wrong, *findings(files, models), *_plan_findings(files, models, sound=not wrong)})


def check_plans(folder: Path, *, models: Path = MODELS) -> list[Problem]:
    """Everything wrong with a folder of plans: with its city where one stands around it, by itself where none does."""
    if (folder.parent / "city.yaml").is_file():
        place = shown(folder)
        found = check_city(folder.parent, models=models)
        return [problem for problem in found if problem.file == place or problem.file.startswith(f"{place}/")]
    plans = read_plans_of(folder, known_alone(models))
    return sorted({*plans.problems, *plan_findings(plans, around_plans(models, None))})


def _plan_findings(files: Files, models: Path, *, sound: bool) -> Iterator[Problem]:
    """What is wrong with plans that can be read; against the roster, where the city can be."""
    if files.plans is None or files.plans.book is None:
        return
    cities = {month: _city(files, None, month) for month in SEASONS} if sound else {}
    around = around_plans(models, cities[SEASONS[0]] if cities else None)
    yield from plan_findings(files.plans, around)
    if cities:
        yield from supply_findings(files.plans, cities)


def _mistakes(files: Files) -> list[Problem]:
    found = [*files.problems, *mistakes(files)]
    sound = not any(p.file in (files.named("nodes.csv"), files.named("roads.csv")) for p in found)
    if sound and files.city is not None:  # judging the whole network makes sense only of rows that are sound
        found += road_mistakes(files)
    return found


def _city(files: Files, unverified: bool | None, month: int) -> City:
    assert files.city and files.elements and files.speeds and files.capabilities, "files without mistakes are there"
    assert files.nodes and files.towns and files.places and files.climate and files.teams, "tables likewise"
    city, elements = files.city, files.elements
    network = _network(files, city.unverified_roads if unverified is None else unverified)
    towns = _towns(files.towns.rows, network)
    facilities = _facilities(files.places.rows, network)
    rows = sorted(files.teams.rows, key=lambda row: row.team_id)
    teams = {
        r.team_id: Team(r.team_id, r.name_zh, r.category, int(r.tier), r.area, r.headcount, r.name_en) for r in rows
    }
    homes = Homes.of(city, files.nodes.rows, files.towns.rows, files.places.rows)
    standing = {**{t.code: t.node for t in towns.values()}, **{f.id: f.node for f in facilities.values()}}
    holdings: list[Holding] = []
    for row in rows:
        area = city.areas[row.area]
        nodes = [standing.get(id_, id_) for id_ in homes.of_team(row.home, area)]
        places = [Home(node, network.nodes[node].county or area.county or "") for node in nodes]
        weights = weights_of(row.kinds, row.category, elements.splits[row.category])
        holdings += holdings_of(teams[row.team_id], weights, elements.kinds, places, month)
    counties, posts = _counties(city, network, files.outlines), _posts(city, towns)
    tiers = {post.id: int(post.tier) for post in posts.values()}
    return City(
        id=city.id,
        name_zh=city.name.zh,
        name_en=city.name.en,
        timezone=city.timezone,
        network=network,
        speeds=files.speeds,
        counties=counties,
        towns=towns,
        facilities=facilities,
        hospitals=_hospitals(city, facilities),
        climate={
            (row.county_code, row.month): Climate(row.temp_mean_c, row.rain_mm_adjusted, row.wind_mean_ms)
            for row in sorted(files.climate.rows, key=lambda row: (row.county_code, row.month))
        },
        capabilities=files.capabilities,
        kinds=elements.kinds,
        teams=teams,
        holdings=tuple(sorted(holdings, key=lambda holding: holding.id)),
        posts=posts,
        levels=levels_of(files.plans) if files.plans else city.levels.table() if city.levels else {},
        plans=files.plans.book if files.plans else None,
        monitors=files.monitors,
        credits=" ".join(city.credits.zh.split()),
        credits_en=" ".join(city.credits.en.split()),
        categories=elements.categories,
        outlines=dict(sorted(files.outlines.items())),
        rivers=_rivers(files),
        intakes=_intakes(files),
        reservoirs=_reservoirs(files),
        own_way=city.hospitals.own_way,
        depots=stores_of(files.stores, counties, towns, tiers) if files.stores is not None else None,
        forces=force_book(files.forces, files.force_numbers, elements.kinds, network) if files.forces else None,
        force_numbers=files.force_numbers,
    )


# ── places ──


def _network(files: Files, unverified: bool) -> Network:
    """The roads; a link lies in the county that has its middle, else in that of both its ends (of either, without outlines)."""
    assert files.nodes is not None, "a network is made of files that could be read"
    nodes = {row.node_id: node_of(row) for row in files.nodes.rows}
    links = links_of(files, unverified=unverified)
    lines = (x.shape if len(x.shape) > 1 else (nodes[x.a].point, nodes[x.b].point) for x in links)
    middles = areas_of(files.outlines, [geometry.cut(line, 1 / 2)[1][0] for line in lines])

    def county(link: Link, middle: str) -> str:
        a, b = nodes[link.a].county, nodes[link.b].county
        return middle or (a if a == b else "" if files.outlines else a or b)

    return Network.build(
        nodes.values(),
        (msgspec.structs.replace(x, county=county(x, middle)) for x, middle in zip(links, middles, strict=True)),
    )


def _towns(rows: Iterable[TownRow], network: Network) -> dict[str, Town]:
    """Townships, each at the node that names it (of several that of its own name, then the nearest), or else the nearest."""
    named: dict[str, list[Node]] = {}
    for id_ in network.node_ids:
        named.setdefault(network.nodes[id_].town, []).append(network.nodes[id_])

    def node(row: TownRow) -> str:
        at = Point(row.lon, row.lat)
        own = [(n.name_zh != row.name_zh, round(n.point.distance(at), 3), n.id) for n in named.get(row.code, ())]
        return min(own)[-1] if own else network.nearest_node(at)[0]

    return {
        r.code: Town(
            r.code, r.name_zh, r.name_en, r.county_code, node(r), r.pop_est_2020, r.elevation_m, r.type,
            to_si(r.area_km2_reported, "km2"), r.village_units, r.community_units,
        )
        for r in sorted(rows, key=lambda row: row.code)
    }  # fmt: skip


def _facilities(rows: Iterable[PlaceRow], network: Network) -> dict[str, Facility]:
    found = {}
    for r in sorted(rows, key=lambda row: row.poi_id):
        at = Point(r.lon, r.lat)
        node = network.nearest_node(at)[0]
        found[r.poi_id] = Facility(
            r.poi_id, r.category, r.name_zh, r.name_en, at, r.county_code, r.nearest_town_code, node
        )
    return found


def _hospitals(city: CityFile, facilities: Mapping[str, Facility]) -> tuple[Hospital, ...]:
    return tuple(
        Hospital(id_, (at := facilities[id_]).name_zh, at.name_en, at.node, at.county, places)
        for id_, places in sorted(city.hospitals.places.items())
    )


def _counties(city: CityFile, network: Network, outlines: Mapping[str, Rings]) -> dict[str, County]:
    """Counties with their neighbours: those that share a border, or all where no outlines are given; nearest seat first."""
    areas = sorted(((a.county, a) for a in city.areas.values() if a.county), key=lambda pair: pair[0])
    seats = {code: network.nodes[area.seat].point for code, area in areas}
    beside = touching(outlines) if outlines else {code: {*seats} - {code} for code in seats}

    def neighbours(code: str) -> tuple[str, ...]:
        by_distance = sorted((round(seats[code].distance(seats[other]), 3), other) for other in beside.get(code, ()))
        return tuple(other for _, other in by_distance)

    return {
        code: County(
            code, area.name.zh, area.name.en, area.seat, neighbours(code), area_within(outlines[code]) if code in outlines else 0.0
        )
        for code, area in areas
    }  # fmt: skip


# ── waters ──


def _rivers(files: Files) -> dict[str, River]:
    """The rivers that are drawn, with what is known of them."""
    known = {row.name_zh: row for row in (files.rivers.rows if files.rivers else ())}
    found = {}
    for name, line in sorted(files.river_lines.items()):
        row = known.get(name)
        found[name] = River(name, row.name_en, line, row.mean_flow_m3s, row.into) if row else River(name, name, line)
    return found


def _intakes(files: Files) -> dict[str, Intake]:
    rows = sorted(files.intakes.rows, key=lambda row: row.intake_id) if files.intakes else ()
    return {
        r.intake_id: Intake(
            r.intake_id, r.name_zh, r.name_en, Point(r.lon, r.lat), tuple(r.serves.split()), to_si(r.storage_h, "h")
        )
        for r in rows
    }  # fmt: skip


def _reservoirs(files: Files) -> dict[str, Reservoir]:
    rows = sorted(files.reservoirs.rows, key=lambda row: row.poi_id) if files.reservoirs else ()
    return {
        r.poi_id: Reservoir(r.poi_id, to_si(r.volume_mm3, "Mm3"), r.dam_height_m, tuple(r.supplies.split()))
        for r in rows
    }


# ── posts ──


def _posts(city: CityFile, towns: Mapping[str, Town]) -> dict[str, Post]:
    """The four tiers by rule: province, city, counties (and areas that have a post all the same), townships."""
    said = city.posts
    posts = [
        _post(PROVINCE, said.province, Tier.PROVINCE, "", (city.name.zh, city.name.en)),
        _post(CITY, said.city, Tier.CITY, PROVINCE, (city.name.zh, city.name.en)),
    ]
    for name, area in city.areas.items():
        if code := area.county or (name if area.has_post else ""):
            posts.append(_post(code, said.county, Tier.COUNTY, CITY, (area.name.zh, area.name.en), county=code))
    for town in towns.values():
        names, parent = (town.name_zh, town.name_en), town.county
        posts.append(_post(town.code, said.township, Tier.TOWNSHIP, parent, names, county=parent, town=town.code))
    return {post.id: post for post in sorted(posts, key=lambda post: post.id)}


def _post(
    id_: str, entry: PostEntry, tier: Tier, parent: str, area: tuple[str, str], county: str = "", town: str = ""
) -> Post:
    zh, en = (name.replace("{area}", called) for name, called in zip((entry.name.zh, entry.name.en), area, strict=True))
    return Post(id_, zh, en, tier, parent, county, town, entry.platform)

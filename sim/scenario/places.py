"""地域 → a Site: names become places, places come to lie on a road, at a town, or off the roads by a track or a path."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping

import msgspec

from sim.case import City
from sim.domain.command import Post, Tier
from sim.domain.parameters import Parameter
from sim.domain.places import EARTH_RADIUS, Point, Site
from sim.doors.incident import Away, LocationEntry
from sim.reader import Loc
from sim.roads.network import Link, Network
from sim.scenario.issues import Issues, Names, Unknown
from sim.units import UnitError, parse_quantity

MIDDLE = "0.5"  # where on a link an accident is, if nobody says


class Gazetteer:
    """The names of a city's places and posts, people's and ours."""

    def __init__(self, city: City) -> None:
        self.city = city
        self.counties = Names("county", ((c.code, (c.name_zh, c.name_en)) for c in city.counties.values()))
        self.towns = Names("town", ((t.code, (t.name_zh, t.name_en)) for t in city.towns.values()))
        self.facilities = Names("facility", ((f.id, (f.name_zh, f.name_en)) for f in city.facilities.values()))
        self.nodes = Names("node", ((n, ()) for n in city.network.node_ids))
        self.links = Names("road link", ((n, ()) for n in city.network.link_ids))
        self.posts = Names("post", ((p.id, _called(p, city)) for p in city.posts.values()))

    def county(self, name: str) -> str:
        """The code of a county. Raises `Unknown`."""
        return self.counties.one(name)

    def within(self, names: Names, name: str, county: str) -> str:
        """The town or facility of that name, in that county if one is given. Raises `Unknown`."""
        places = self.city.towns if names is self.towns else self.city.facilities
        ids = names.all(name)
        if county:
            code = self.county(county)
            ids = tuple(id_ for id_ in ids if places[id_].county == code)
            if not ids:
                raise Unknown(
                    f"{self.city.counties[code].name_zh} has no {names.kind} '{name}'; leave 'county' out, or correct it"
                )
        if len(ids) > 1 and name not in ids:
            choices = ", ".join(f"{self.city.counties[places[id_].county].name_zh} ({id_})" for id_ in ids)
            raise Unknown(f"there are {len(ids)} of the name '{name}': {choices}; add 'county: …', or write the code")
        return name if name in ids else ids[0]


def _called(post: Post, city: City) -> list[str]:
    """A post goes by its own names and by those of the county or town it is the post of."""
    called = [post.name_zh, post.name_en]
    if post.tier is Tier.COUNTY and (county := city.counties.get(post.county)):
        called += [county.code, county.name_zh, county.name_en]
    if post.tier is Tier.TOWNSHIP and (town := city.towns.get(post.town)):
        called += [town.code, town.name_zh, town.name_en]
    return called


class Places:
    """Places the incidents of one case on the network of its city; `network()` is the one they lie on in the end."""

    def __init__(self, city: City, names: Gazetteer, rules: Mapping[str, Parameter], issues: Issues) -> None:
        self.city, self.names, self.issues = city, names, issues
        self._rules = rules
        self._on_links: dict[str, tuple[str, float]] = {}

    def network(self) -> Network:
        """The city's network with a node for every incident that lies on a link."""
        return self.city.network.with_points(self._on_links) if self._on_links else self.city.network

    def site(self, loc: Loc, entry: LocationEntry | None, incident: str) -> Site | None:
        """Where an incident is; None if the location is wrong, which is then told."""
        if entry is None or (entry.offset is not None and None in (entry.offset.km, entry.offset.bearing)):
            return None  # what the reader found wrong
        try:
            return self._placed(loc, entry, incident)
        except Unknown as error:
            key = next((k for k in ("town", "facility", "node", "link") if getattr(entry, k)), "lon")
            at = "county" if entry.county and not self._is_county(entry.county) else key
            self.issues.at((*loc, at), error)
        return None

    # ── places of what follows: at a node that is there already, for the network stands when they come to be ──

    def at_town(self, code: str) -> Site:
        """A town, by its code."""
        town = self.city.towns[code]
        return self._finish(
            town.node, self.city.network.nodes[town.node].point, town.name_zh, town.name_en, town=town.code
        )

    def at_facility(self, id_: str) -> Site:
        """A place of the city's register, reached from the node nearest to it."""
        facility = self.city.facilities[id_]
        site = self._finish(facility.node, facility.point, facility.name_zh, facility.name_en, town=facility.town)
        return msgspec.structs.replace(site, county=facility.county or site.county)

    def on_nearest_link(self, site: Site) -> Site | None:
        """The road nearest to a site, at the end that is nearer; None where the site has none."""
        network = self.city.network
        if site.link:
            return site
        snap = network.snap(site.point)
        link = network.links[snap.link]
        node = link.a if snap.fraction <= 0.5 else link.b
        return self._finish(node, site.point, *self._road_name(link), link=link)

    # ── the ways to say it ──

    def _placed(self, loc: Loc, entry: LocationEntry, incident: str) -> Site | None:
        if entry.town:
            return self._at_town(entry, incident)
        if entry.facility:
            facility = self.city.facilities[self.names.within(self.names.facilities, entry.facility, entry.county)]
            site = self._about(facility.point, entry.offset, incident, facility.name_zh, facility.name_en)
            if entry.offset is None:  # the register knows better than an outline whose county a place is
                site = msgspec.structs.replace(
                    site, county=facility.county or site.county, town=facility.town or site.town
                )
            return site
        if entry.node:
            return self._at_node(self.names.nodes.one(entry.node), entry.offset, incident)
        if entry.link:
            return self._on_link(loc, entry, incident)
        if entry.lon is None or entry.lat is None:
            return None
        return self._about(Point(entry.lon, entry.lat), entry.offset, incident, "", "")

    def _at_town(self, entry: LocationEntry, incident: str) -> Site:
        town = self.city.towns[self.names.within(self.names.towns, entry.town, entry.county)]
        if entry.offset is not None:
            point = self.city.network.nodes[town.node].point
            return self._about(point, entry.offset, incident, town.name_zh, town.name_en)
        return self._finish(
            town.node, self.city.network.nodes[town.node].point, town.name_zh, town.name_en, town=town.code
        )

    def _at_node(self, id_: str, offset: Away | None, incident: str) -> Site:
        node = self.city.network.nodes[id_]
        if offset is not None:
            return self._about(node.point, offset, incident, node.name_zh, node.name_en)
        return self._finish(id_, node.point, node.name_zh or id_, node.name_en or id_, town=node.town)

    def _on_link(self, loc: Loc, entry: LocationEntry, incident: str) -> Site | None:
        link = self.city.network.links[self.names.links.one(entry.link)]
        try:
            share = _share(entry.at or MIDDLE, link)
        except UnitError as error:
            self.issues.at((*loc, "at"), error)
            return None
        node = _site_node(incident)
        point = self.city.network.with_point(node, link.id, share).nodes[node].point
        self._on_links[node] = (link.id, share)
        return self._finish(node, point, *self._road_name(link), link=link)

    def _about(self, point: Point, offset: Away | None, incident: str, name_zh: str, name_en: str) -> Site:
        """A point anywhere: on the nearest road if it is near enough, else off it."""
        if offset is not None:
            point = moved(point, offset.km * 1000, offset.bearing)
            if offset.km:
                name_zh, name_en = f"{name_zh}附近（{offset.km:g} 公里）", f"{offset.km:g} km from {name_en}"
        snap = self.city.network.snap(point)
        if snap.distance > self._number("farthest"):
            off, most = (f"{metres / 1000:.0f} km" for metres in (snap.distance, self._number("farthest")))
            raise Unknown(f"the place is {off} from the nearest road of the city; within {most} of a road is right")
        link = self.city.network.links[snap.link]
        on_road = snap.distance <= self._number("on_road")
        town = self._nearest_town(point, link.county)
        if not name_zh and town:
            name_zh, name_en = f"{self.city.towns[town].name_zh}附近", f"near {self.city.towns[town].name_en}"
        node = self._end_near(link, snap.fraction) or _site_node(incident)
        if node not in (link.a, link.b):
            self._on_links[node] = (link.id, snap.fraction)
        last_mile = 0.0 if on_road else snap.distance * self._number("winding")
        access = "road" if on_road else "track" if snap.distance <= self._number("track_limit") else "foot"
        on = link if on_road and node not in (link.a, link.b) else None
        return self._finish(
            node,
            point,
            name_zh,
            name_en,
            town=town,
            link=on,
            last_mile=round(last_mile, 1),
            access=access,
            terrain=link.terrain,
        )

    # ── what else a site is ──

    def _finish(
        self, node: str, point: Point, name_zh: str, name_en: str, *, town: str = "", link: Link | None = None,
        last_mile: float = 0.0, access: str = "road", terrain: str = "",
    ) -> Site:  # fmt: skip
        network = self.city.network
        at = network.nodes.get(node)
        town = town or self._nearest_town(point, link.county if link else at.county if at else "")
        home = self.city.towns.get(town)
        county = (link.county if link else "") or (home.county if home else "") or (at.county if at else "")
        if at is not None:
            elevation = at.elevation
        elif link is not None:
            elevation = (network.nodes[link.a].elevation + network.nodes[link.b].elevation) / 2
        else:
            elevation = home.elevation if home else 0.0
        return Site(
            point=Point(round(point.lon, 6), round(point.lat, 6)), node=node, name_zh=name_zh, name_en=name_en, county=county,
            town=town, last_mile=last_mile, access=access, elevation=round(elevation, 1),
            terrain=terrain or (link.terrain if link else self._terrain_at(node)),
            population=home.population if home else 0.0, link=link.id if link else "",
        )  # fmt: skip

    def _end_near(self, link: Link, fraction: float) -> str:
        near = self._number("at_node")
        if fraction * link.length <= near:
            return link.a
        return link.b if (1 - fraction) * link.length <= near else ""

    def _nearest_town(self, point: Point, county: str) -> str:
        towns = [t for t in self.city.towns.values() if not county or t.county == county] or list(
            self.city.towns.values()
        )
        places = ((self.city.network.nodes[t.node].point.distance(point), t.code) for t in towns)
        return min(places, default=(0.0, ""))[1]

    def _terrain_at(self, node: str) -> str:
        links = (link for link in self.city.network.links.values() if node in (link.a, link.b))
        counts = Counter(link.terrain for link in links)
        return min(counts, key=lambda terrain: (-counts[terrain], terrain), default="hilly")

    def _road_name(self, link: Link) -> tuple[str, str]:
        a, b = (self.city.network.nodes[end] for end in (link.a, link.b))
        number = f" ({link.road_no})" if link.road_no else ""
        zh = f"{a.name_zh or a.id}至{b.name_zh or b.id}公路{number}"
        return zh, f"road {a.name_en or a.name_zh or a.id} – {b.name_en or b.name_zh or b.id}{number}"

    def _is_county(self, name: str) -> bool:
        try:
            return bool(self.names.county(name))
        except Unknown:
            return False

    def _number(self, name: str) -> float:
        return self._rules[f"locate.{name}"].value


def moved(point: Point, metres: float, bearing: float) -> Point:
    """The point so many metres away on the great circle that leaves in that direction (degrees from north)."""
    lat, turn, arc = math.radians(point.lat), math.radians(bearing), metres / EARTH_RADIUS
    to = math.asin(math.sin(lat) * math.cos(arc) + math.cos(lat) * math.sin(arc) * math.cos(turn))
    east = math.atan2(math.sin(turn) * math.sin(arc) * math.cos(lat), math.cos(arc) - math.sin(lat) * math.sin(to))
    return Point(point.lon + math.degrees(east), math.degrees(to))


def _share(text: str, link: Link) -> float:
    """How much of a link lies before a place on it, written as a share or as a length from its beginning."""
    try:
        share = parse_quantity(text, "ratio")
    except UnitError:
        try:
            share = parse_quantity(text, "length") / link.length
        except UnitError:
            raise UnitError(f"expected a share such as '0.4' or a length such as '3.2 km', got '{text[:40]}'") from None
    if not 0 <= share <= 1:
        raise UnitError(
            f"'{text}' is not on the link, which is {link.length / 1000:g} km long; a share lies between 0 and 1"
        )
    return share


def _site_node(incident: str) -> str:
    return f"@{incident}"

"""Export: a run as tables (CSV, Parquet) or as a map layer (GeoJSON), for whoever works with other tools."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from sim.analysis import measures, timeline, tracks, workbook
from sim.analysis.lines import SortieLine, Timeline
from sim.analysis.telling import kind_of
from sim.domain import events as ev
from sim.domain.people import Status
from sim.errors import RunFailed
from sim.journal.cast import Cast
from sim.journal.run_folder import open_run
from sim.sheets import write_workbook

Row = dict[str, Any]
FAMILIES: dict[str, tuple[type[ev.Event], ...]] = {
    "events_run": (ev.RunStarted, ev.RunEnded, ev.InjectReleased, ev.InjectWithheld, ev.ExpectationSettled,
                   ev.ExpectationOverdue),
    "events_incidents": (ev.IncidentOccurred, ev.Discovered, ev.HazardChanged, ev.DemandsChanged, ev.Milestone,
                         ev.HazardOver, ev.IncidentClosed, ev.LimitPassed, ev.ShockFelt, ev.Cascaded, ev.CascadeHeld),
    "events_people": (ev.PersonsInvolved, ev.PersonChanged, ev.DeadFound, ev.CareChanged, ev.RespondersHit, ev.Loaded,
                      ev.HandedOver),
    "events_command": (ev.ReportSent, ev.ReportReceived, ev.Graded, ev.ResponseChanged, ev.LeadTaken, ev.NeedsStated,
                       ev.Shortfall, ev.SupportRequested, ev.OrderGiven, ev.OrderRefused, ev.Recalled, ev.CutOff,
                       ev.Reachable),
    "events_sorties": (ev.Alerted, ev.Departed, ev.RouteChanged, ev.Held, ev.RoadFound, ev.Queued, ev.Arrived, ev.Assigned,
                       ev.ReliefDue, ev.Resting, ev.Rested, ev.Released, ev.Returned),
    "events_world": (ev.RoadChanged, ev.RoadKnown, ev.WeatherChanged, ev.Daylight, ev.ChannelChanged, ev.ServiceChanged,
                     ev.HospitalChanged, ev.AlarmRaised, ev.AlarmDismissed),
    "events_headquarters": (ev.PlanActivated, ev.CommandFormed, ev.GroupStaffed, ev.UnitNotified, ev.UnitAcknowledged,
                            ev.TaskArose, ev.TaskDone, ev.TaskLapsed, ev.Consulted, ev.SceneCalled, ev.Published,
                            ev.ResponseSuspended, ev.ResponseResumed,
                            ev.RescueBecameSearch, ev.WarningIssued, ev.ItemListed, ev.ItemClosed, ev.PlanRevised,
                            ev.PhaseReopened, ev.FieldEnded, ev.TollStated),
    "events_stores": (ev.SupplyAsked, ev.SupplyAllotted, ev.SupplyLoaded, ev.SupplySigned, ev.SupplyHandedOut,
                      ev.SupplyRefused, ev.ConvoyDeparted, ev.ConvoyHeld, ev.ConvoyArrived, ev.FundAsked, ev.FundApproved,
                      ev.FundPaid, ev.FundAudited),
    "events_forces": (ev.ForceAsked, ev.ForceAnswered, ev.ForceTasked, ev.ForceSetOut, ev.ForceReleased, ev.ForceStoodDown),
    "events_conduct": (ev.ReportWithheld, ev.ReportFalsified, ev.ConductExposed, ev.CasualtiesCorrected),
}  # fmt: skip


def export(run_dir: Path, to: str, lang: str = "zh") -> list[Path]:
    """Write a run's tables or map layer into `<run_dir>/export`, as `csv`, `parquet`, `xlsx` or `geojson`; returns the files."""
    run = open_run(run_dir)
    folder = run_dir / "export"
    folder.mkdir(exist_ok=True)
    line = timeline.build(run.events)
    if to == "geojson":
        return [_write_json(folder / "run.geojson", geojson(line, run.cast))]
    if to == "xlsx":
        return [write_workbook(folder / "run.xlsx", workbook.sheets(run.events, line, run.cast, lang))]
    write = {"csv": _write_csv, "parquet": _write_parquet}[to]
    return [write(folder / f"{name}.{to}", rows) for name, rows in tables(run.events, line, run.cast).items() if rows]


def tables(events: Sequence[ev.Event], line: Timeline, cast: Cast) -> dict[str, list[Row]]:
    """Every table of a run by name: one a family of events, and sorties, persons, states, readings, legs. SI throughout."""
    family_of = {kind: name for name, kinds in FAMILIES.items() for kind in kinds}
    found: dict[str, list[Row]] = {name: [] for name in FAMILIES}
    columns = {name: _columns(kinds) for name, kinds in FAMILIES.items()}
    for event in events:
        name = family_of[type(event)]
        facts = {field: _plain(getattr(event, field)) for field in event.__struct_fields__}
        found[name].append(dict.fromkeys(columns[name]) | {"kind": kind_of(event)} | facts)
    found["sorties"] = [_sortie(s, line, cast) for s in line.sorties.values()]
    found["states"] = [
        {"sortie": s.id, "element": s.element, "state": span.what, "from": span.start, "to": span.end}
        for s in line.sorties.values() for span in s.spans
    ]  # fmt: skip
    found["persons"] = [
        {"person": p.id, "incident": p.incident, "group": p.group, "triage": p.triage, "status": p.status.value,
         "cause_of_death": measures.cause_of_death(p) if p.status is Status.DEAD else "", "hospital": p.hospital,
         **{f"first_{status.value}": p.first(status) for status in Status}}
        for p in line.persons.values()
    ]  # fmt: skip
    found["readings"] = [
        {"incident": i.id, "t": t, "reading": name, "value": value}
        for i in line.incidents.values() for t, values in i.readings for name, value in values.items()
    ]  # fmt: skip
    found["legs"] = [
        {"sortie": s.id, "bound": trip.bound, "link": leg.link, "entered": leg.entered, "from": leg.start, "to": leg.end,
         "begins": leg.begins, "ends": leg.ends}
        for s in line.sorties.values() for trip in s.trips for leg in trip.legs
    ]  # fmt: skip
    return found


def geojson(line: Timeline, cast: Cast) -> dict[str, Any]:
    """Incidents as points, ways of sorties as lines with the time of every vertex (s) in `times`; degrees WGS84."""
    nodes = {name: (node.lon, node.lat) for name, node in cast.nodes.items()}
    features = [
        _feature("Point", [i.site.point.lon, i.site.point.lat], {
            "what": "incident", "id": i.id, "nature": i.nature, "name_zh": i.name_zh, "name_en": i.name_en,
            "occurred": i.occurred, "closed": i.closed,
        })
        for i in line.incidents.values()
    ]  # fmt: skip
    for sortie in line.sorties.values():
        for number, trip in enumerate(sortie.trips, 1):
            way = tracks.path(trip, cast.links, nodes, line.ended)
            if len(way) > 1:
                about = {"what": "way", "sortie": sortie.id, "trip": number, "bound": trip.bound, "element": sortie.element,
                         "team": sortie.team, **_names(cast, sortie.team), "people": sortie.people,
                         "times": [t for t, _ in way]}  # fmt: skip
                features.append(_feature("LineString", [[round(x, 6), round(y, 6)] for _, (x, y) in way], about))
    return {"type": "FeatureCollection", "starts_at": cast.starts_at, "credits": cast.credits, "features": features}


def _sortie(s: SortieLine, line: Timeline, cast: Cast) -> Row:
    element = cast.elements.get(s.element)
    metres = sum(trip.metres(cast.links, line.ended) for trip in s.trips)
    worked = sum(span.seconds for span in s.spans if span.what == "working")
    return {
        "sortie": s.id, "element": s.element, "kind": element.kind if element else "", "team": s.team,
        **_names(cast, s.team), "people": s.people, "incident": s.incident, "task": s.task, "post": s.post,
        "ordered": s.ordered, "expected": s.expected, "alerted": s.alerted, "departed": s.departed, "arrived": s.arrived,
        "returned": s.returned, "metres": round(metres, 3), "worked": round(worked, 3), "carried": s.carried,
        "reroutes": sum(trip.reroutes for trip in s.trips), "refused": s.refused,
    }  # fmt: skip


def _names(cast: Cast, team: str) -> dict[str, str]:
    known = cast.teams.get(team)
    return {"team_zh": known.name.zh, "team_en": known.name.en} if known else {"team_zh": team, "team_en": team}


def _columns(kinds: Sequence[type[ev.Event]]) -> list[str]:
    """The columns of a family: number, time, kind, cause, then every field that any of its events has."""
    fields = dict.fromkeys(["seq", "t", "kind", "cause"])
    for kind in kinds:
        fields |= dict.fromkeys(kind.__struct_fields__)
    return list(fields)


def _plain(value: Any) -> Any:
    """A field as a table can hold it: text, number or nothing; anything with parts becomes JSON."""
    built = msgspec.to_builtins(value)
    return json.dumps(built, ensure_ascii=False) if isinstance(built, dict | list | tuple) else built


def _feature(kind: str, coordinates: Sequence[Any], properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "geometry": {"type": kind, "coordinates": coordinates}, "properties": dict(properties)}


def _write_csv(path: Path, rows: Sequence[Row]) -> Path:
    # With the mark at its head, spreadsheets read the file as UTF-8 wherever they run.
    with path.open("w", encoding="utf-8-sig", newline="") as target:
        writer = csv.DictWriter(target, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


def _write_json(path: Path, document: Mapping[str, Any]) -> Path:
    path.write_text(json.dumps(document, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")
    return path


def _write_parquet(path: Path, rows: Sequence[Row]) -> Path:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise RunFailed("Parquet needs the package pyarrow: pip install 'liandong[parquet]'") from error
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(list(rows)), path)
    return path

"""Exports say what the journal says."""

from __future__ import annotations

import builtins
import csv
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any, get_args

import pytest

from sim.analysis import export, timeline
from sim.domain import events as ev
from sim.errors import RunFailed
from sim.journal.cast import Cast


@pytest.fixture
def run(journal: list[ev.Event], cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A run folder, as far as an export looks at it."""
    monkeypatch.setattr(export, "open_run", lambda folder: SimpleNamespace(events=journal, cast=cast))
    return tmp_path


def rows(file: Path) -> list[dict[str, str]]:
    """A table read back."""
    with file.open(encoding="utf-8-sig", newline="") as source:
        return list(csv.DictReader(source))


def test_every_kind_of_event_is_in_one_family() -> None:
    """A new kind of event is exported, or this test says that it is not."""
    kinds = [kind for family in export.FAMILIES.values() for kind in family]

    assert sorted(k.__name__ for k in kinds) == sorted(k.__name__ for k in get_args(ev.AnyEvent))


def test_every_event_is_a_row_of_a_tidy_table(run: Path, journal: list[ev.Event]) -> None:
    """All rows of all families together are the journal; every row of a table has the same columns."""
    files = [f for f in export.export(run, "csv") if f.name.startswith("events_")]
    told = [row for file in files for row in rows(file)]

    assert sorted(int(row["seq"]) for row in told) == list(range(len(journal)))
    assert all(float(row["t"]) == journal[int(row["seq"])].t for row in told)
    assert all(None not in row and None not in row.values() for row in told)


def test_sorties_and_persons_have_their_tables(run: Path) -> None:
    """One row a sortie with its times and metres; one row a person with what became of them."""
    files = {file.stem: file for file in export.export(run, "csv")}
    first = rows(files["sorties"])[0]

    assert (first["sortie"], first["team_zh"], first["arrived"], first["metres"]) == (
        "S1",
        "一号救援队",
        "2640.0",
        "54000.0",
    )
    assert [p["cause_of_death"] for p in rows(files["persons"])] == ["at_once", "", "trapped", "", "", "in_care"]


def test_parquet_holds_the_same_tables(run: Path) -> None:
    """Read back, a Parquet table has the rows of the CSV one, with times as numbers."""
    parquet = pytest.importorskip("pyarrow.parquet")
    files = {file.stem: file for file in export.export(run, "parquet")}
    table = parquet.read_table(files["sorties"]).to_pylist()

    assert [row["arrived"] for row in table] == [2640.0, 2580.0, 1920.0, 1140.0]
    assert len(files) == len(export.export(run, "csv"))


def test_without_the_package_parquet_says_what_to_install(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing extra is a sentence, not a traceback."""
    real = builtins.__import__

    def without(name: str, *args: Any, **more: Any) -> Any:
        if name.startswith("pyarrow"):
            raise ImportError(name)
        return real(name, *args, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(RunFailed, match=r"liandong\[parquet\]"):
        export.export(run, "parquet")


def test_geojson_has_incidents_as_points_and_ways_as_lines_in_time(
    run: Path, journal: list[ev.Event], cast: Cast
) -> None:
    """Every vertex of a way has its time, times rise, and the way ends at the incident."""
    (file,) = export.export(run, "geojson")
    document = json.loads(file.read_text(encoding="utf-8"))
    points = [f for f in document["features"] if f["geometry"]["type"] == "Point"]
    ways = [f for f in document["features"] if f["geometry"]["type"] == "LineString"]

    assert [p["properties"]["id"] for p in points] == ["F1"]
    assert len(ways) == sum(len(s.trips) for s in timeline.build(journal).sorties.values())
    for way in ways:
        times = way["properties"]["times"]
        assert len(times) == len(way["geometry"]["coordinates"]) and times == sorted(times)
        if way["properties"]["bound"] == "site":
            assert way["geometry"]["coordinates"][-1] == [103.9, 25.6]
    assert document["credits"] == cast.credits

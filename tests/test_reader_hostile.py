"""Hostile files: refused early, at little cost, counted in work and not in seconds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from sim import reader, texts
from sim.doors.case import CaseFile
from sim.doors.parameters import Passport
from sim.errors import InvalidInput
from sim.reader import parse, read_csv, read_text
from sim.sentences import MOST_TOLD
from sim.units import UnitError, parse_quantity

HOSTILE = {
    "deep lists": "[" * 100_000,
    "deep mappings": "{a: " * 100_000,
    "deep blocks": "".join(f"{' ' * n}a:\n" for n in range(2_000)),
    "deep dashes": "- " * 5_000 + "a",
    "many nodes": "- a\n" * 300_000,
    "many keys": "".join(f"k{n}: 1\n" for n in range(150_000)),
    "an alias bomb": "a: &a [x]\n" + "".join(f"a{n}: &b{n} [*a, *a]\n" for n in range(1_000)),
    "a long text": "a: " + "x" * 3_000_000,
    "a long key": "x" * 500_000 + ": 1",
    "a long number": "a: " + "9" * 400,
    "a huge number": "a: 1e999999",
    "an endless quote": "a: '" + "x" * 1_000_000,
    "escapes": 'a: "' + "\\0" * 10_000 + '"',
    "an escape beyond Unicode": 'a: "\\UFFFFFFFF"',
    "half a character": 'a: "\\uD800"',
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_yaml_is_refused_after_bounded_work(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No more parser events are asked for than an honest file may have."""
    asked = 0

    class Counting:
        def __init__(self, text: str) -> None:
            self._loader = _Loader(text)

        def get_event(self) -> Any:
            nonlocal asked
            asked += 1
            return self._loader.get_event()

        def dispose(self) -> None:
            self._loader.dispose()

    _Loader = reader.Loader
    monkeypatch.setattr(reader, "Loader", Counting)

    with pytest.raises(InvalidInput) as refused:
        parse(HOSTILE[name], "f")

    assert asked <= reader.MOST_NODES + 5
    assert all(len(str(problem)) < 400 for problem in refused.value.problems)


@pytest.mark.parametrize(
    "name", ["deep lists", "deep blocks", "an alias bomb", "an escape beyond Unicode", "half a character"]
)
def test_the_slower_parser_refuses_the_same(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the parser in C is missing, nothing recurses and nothing escapes either."""
    monkeypatch.setattr(reader, "Loader", yaml.SafeLoader)

    with pytest.raises(InvalidInput):
        parse(HOSTILE[name], "f")


def test_a_file_too_large_is_refused_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its size is asked for first; not a byte is read."""
    file = tmp_path / "big.yaml"
    with file.open("wb") as target:
        target.truncate(texts.MOST_BYTES + 1)
    monkeypatch.setattr(Path, "open", _never)

    with pytest.raises(InvalidInput, match="at most 4000000 are read"):
        reader.load(file)


def _never(*_: object, **__: object) -> None:
    raise AssertionError("nothing is opened")


def test_a_device_is_not_read(tmp_path: Path) -> None:
    """What is no ordinary file is refused, not waited for."""
    device = Path("/dev/zero")
    if not device.exists():
        pytest.skip("no devices here")

    with pytest.raises(InvalidInput, match="not an ordinary file"):
        reader.load(device)


def test_a_thousand_mistakes_are_not_told_a_thousand_times() -> None:
    """Beyond a hundred the list ends: they are all the same one."""
    with pytest.raises(InvalidInput) as refused:
        read_text("".join(f"key{n}: 1\n" for n in range(5_000)), CaseFile, "f")

    assert len(refused.value.problems) == MOST_TOLD


@pytest.mark.parametrize(
    "text", ["1 a" + " " * 100_000 + "b", "9" * 100_000, " " * 100_000, "1" + "0" * 100_000 + " min"]
)
def test_no_pattern_is_tried_on_endless_text(text: str) -> None:
    """A quantity of a hundred thousand characters is refused by its length."""
    with pytest.raises(UnitError):
        parse_quantity(text, "time")


@pytest.mark.parametrize(
    "name",
    [
        "../x",
        "a/b",
        "a\\b",
        "..",
        ".hidden",
        "con",
        "NUL.txt",
        "lpt1",
        "a" * 101,
        "a:b",
        "x.",
        "-x",
        "a b",
        "a\nb",
        "",
        "C:",
    ],
)
def test_a_name_cannot_lead_out_of_its_folder(name: str) -> None:
    """Separators, dots in front, device names and endless names are no names."""
    good = "{name: x, city: %s, starts_at: 2024-07-19T02:40, incidents: []}"

    def problems(city: str) -> set[str]:
        with pytest.raises(InvalidInput) as refused:
            read_text(good % city, CaseFile, "f")
        return {problem.path for problem in refused.value.problems}

    assert "city" in problems("'" + name.replace("\n", "\n\n") + "'")
    assert "city" not in problems("曲城-2_a.b")


def test_hostile_tables_are_refused(tmp_path: Path) -> None:
    """Endless fields and lines without end."""
    file = tmp_path / "t.csv"
    for content in (
        "id\n" + "x" * 200_000,
        "id\n" + '"' + "x\n" * 1_000,
        "id," * 50_000,
        "\n" * 10_000,
        "id\n" * 50_000,
    ):
        file.write_text(content, encoding="utf-8", newline="")
        with pytest.raises(InvalidInput):
            read_csv(file, Passport)

"""What helps to write a case: a file to start from, and the schema for editors and forms."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from sim import catalog
from sim.doors.case import CaseFile
from sim.errors import InvalidInput, UnknownName
from sim.reader import parse
from sim.scenario import compile as compiler
from sim.scenario import new
from sim.scenario.new import new_case
from sim.scenario.schema import schema
from tests.scenario.town import a_city, settle

SHIPPED = sorted(path for folder in ("cases", "drills") for path in (catalog.scenarios_root() / folder).glob("*.yaml"))


@pytest.mark.parametrize("hazard", sorted(catalog.hazards()))
def test_a_new_case_is_valid_as_it_stands(hazard: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For every hazard: no problem, and it compiles to an accident of that nature in the most populous town."""
    settle(tmp_path, monkeypatch)
    monkeypatch.setattr(new, "load_city", lambda folder, **options: a_city())
    (tmp_path / "first.yaml").write_text(new_case("first", hazard, "town"), encoding="utf-8")

    assert compiler.check_case(tmp_path / "first.yaml", data=tmp_path) == []
    case = compiler.load_case(tmp_path / "first.yaml", data=tmp_path)
    assert case.incidents[0].nature == hazard and case.incidents[0].site.town == "21"


def test_every_line_that_is_commented_out_may_be_let_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The examples in the comments are examples that work."""
    settle(tmp_path, monkeypatch)
    monkeypatch.setattr(new, "load_city", lambda folder, **options: a_city())
    lines = new_case("first", "building_fire", "town").splitlines()
    keys = ("# seed", "# strategy", "# horizon", "# weather:", "# rules:", "# injects:", "#   ")
    opened = [line.replace("# ", "", 1) if line.startswith(keys) else line for line in lines]
    (tmp_path / "first.yaml").write_text("\n".join(opened), encoding="utf-8")

    assert compiler.check_case(tmp_path / "first.yaml", data=tmp_path) == []
    assert len(compiler.load_case(tmp_path / "first.yaml", data=tmp_path).injects) == 1


@pytest.mark.parametrize("name", ["../first", "a/b", "con", ""])
def test_a_new_case_cannot_lead_out_of_its_folder(name: str) -> None:
    """The name becomes a file's."""
    with pytest.raises(InvalidInput, match="cannot be a name here"):
        new_case(name, "building_fire", "town")


def test_a_new_case_of_no_hazard_is_told_the_nearest() -> None:
    """As everywhere."""
    with pytest.raises(UnknownName, match="did you mean 'building_fire'"):
        new_case("first", "bilding_fire", "town")


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_schema_accepts_what_the_reader_accepts(path: Path) -> None:
    """Every shipped case fits its schema, as text and as an editor sees it, with numbers and truths."""
    doc = parse(path.read_text(encoding="utf-8"), path.name)
    doc.as_(CaseFile)
    whole = schema("case")

    assert misfits(whole, doc.data, whole) == []
    assert misfits(whole, as_an_editor_sees_it(doc.data), whole) == []


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"city": 3.5}, "city"), ({"weather": {"default": {"wind": "3 kg"}}}, "wind"), ({"horzion": "3 h"}, "horzion"),
        ({"incidents": []}, "incidents"), ({"incidents": [{"id": "F1"}]}, "incidents"),
        ({"incidents": [{"id": "F1", "性质": "a", "原因": "b", "范围": {}, "地域": {"twn": "c"}}]}, "twn"),
        ({"injects": [{"id": "a", "title": "t", "at": "1 h", "do": [{"slow_road": "R1"}]}]}, "injects"),
    ],
)  # fmt: skip
def test_the_schema_refuses_what_the_reader_refuses(change: Mapping[str, Any], place: str) -> None:
    """Units, unions and required keys are in the schema, so that a form cannot be filled in wrong."""
    whole = schema("drill")
    good: dict[str, Any] = {
        "name": "x", "city": "town", "starts_at": "2024-07-19T02:40",
        "incidents": [{"id": "F1", "nature": "a", "cause": "b", "scope": {"grade": "一般"}, "location": {"town": "c"}}],
    }  # fmt: skip

    assert misfits(whole, good, whole) == []
    assert misfits(whole, {**good, **change}, whole), place


@pytest.mark.parametrize("kind", ["case", "drill", "city", "parameters", "hazard"])
def test_every_kind_of_file_has_a_schema(kind: str) -> None:
    """With descriptions, under the dialect that editors know."""
    made = schema(kind)

    assert made["$schema"].startswith("https://json-schema.org/")
    assert TypeAdapter(dict[str, Any]).dump_json(made)
    with pytest.raises(UnknownName, match="did you mean"):
        schema(kind[:-1])


# ── a validator of the part of JSON Schema that pydantic writes ──


def misfits(schema: Mapping[str, Any], value: Any, whole: Mapping[str, Any], at: str = "") -> list[str]:
    """Where a value does not fit a schema; only the keywords that our schemas use."""
    import re

    if "$ref" in schema:
        return misfits(whole["$defs"][schema["$ref"].rsplit("/", 1)[1]], value, whole, at)
    for choice in ("anyOf", "oneOf"):
        if choice in schema and all(misfits(option, value, whole, at) for option in schema[choice]):
            return [f"{at}: fits none"]
    found = [m for part in schema.get("allOf", ()) for m in misfits(part, value, whole, at)]
    if "type" in schema and not any(_is(value, kind) for kind in _listed(schema["type"])):
        return [*found, f"{at}: {value!r} is not {schema['type']}"]
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{at}: {value!r}")
    if "const" in schema and value != schema["const"]:
        found.append(f"{at}: {value!r}")
    if isinstance(value, str) and "pattern" in schema and not re.search(schema["pattern"], value):
        found.append(f"{at}: {value!r} does not match")
    if isinstance(value, list):
        found += [f"{at}: too short"] if len(value) < schema.get("minItems", 0) else []
        found += [
            m for i, item in enumerate(value) for m in misfits(schema.get("items", {}), item, whole, f"{at}[{i}]")
        ]
    if isinstance(value, dict):
        known, more = schema.get("properties", {}), schema.get("additionalProperties", True)
        found += [f"{at}: '{key}' is missing" for key in schema.get("required", ()) if key not in value]
        for key, item in value.items():
            if key not in known and more is False:
                found.append(f"{at}.{key}: unknown")
            rule = known.get(key, more if isinstance(more, dict) else {})
            found += misfits(rule, item, whole, f"{at}.{key}")
    return found


def _is(value: Any, kind: str) -> bool:
    kinds = {"string": str, "object": dict, "array": list, "boolean": bool, "null": type(None)}
    if kind in ("number", "integer"):
        allowed = (int, float) if kind == "number" else int
        text = isinstance(value, str) and re_number(value)  # the reader takes a number as text, too
        return text or (isinstance(value, allowed) and not isinstance(value, bool))
    return isinstance(value, kinds[kind])


def re_number(text: str) -> bool:
    """Whether a text is a plain number."""
    try:
        float(text)
    except ValueError:
        return False
    return True


def _listed(kind: str | list[str]) -> list[str]:
    return [kind] if isinstance(kind, str) else kind


def as_an_editor_sees_it(data: Any) -> Any:
    """Texts that a YAML editor takes for numbers or truths, so taken."""
    if isinstance(data, dict):
        return {key: as_an_editor_sees_it(value) for key, value in data.items()}
    if isinstance(data, list):
        return [as_an_editor_sees_it(value) for value in data]
    if data in ("true", "false", "yes", "no"):
        return data in ("true", "yes")
    if isinstance(data, str) and re_number(data):
        return float(data) if "." in data or "e" in data else int(data)
    return data

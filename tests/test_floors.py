"""The floors: who may import whom, where the heavy packages live, and which words mechanism may not know."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.domain.teams import MEDICAL

ROOT = Path(__file__).resolve().parents[1]

# From the ground up. A module may import its own package and what stands on a lower line.
FLOORS = (
    {"sim.errors", "sim.version"},
    {"sim.units", "sim.streams", "sim.texts"},
    {"sim.sentences"},
    {"sim.tables"},
    {"sim.reader"},
    {"sim.sheets"},
    {"sim.domain"},
    {"sim.journal", "sim.roads"},
    {"sim.ports", "sim.analysis"},
    {"sim.case"},
    {"sim.doors"},
    {"models"},
    {"sim.catalog"},
    {"sim.statute"},
    {"sim.engine", "sim.scenario"},
    {"sim.runs", "sim.checking", "sim.sensitivity"},
    {"sim.reviews"},
    {"sim.redrill"},
    {"sim.cli"},
    {"sim", "run_sim"},
)
# Of the program, a model may see the vocabulary and what it must answer; staged accidents and tables of coefficients are files.
MODELS_SEE = ("sim.domain", "sim.ports", "sim.streams", "sim.units", "sim.errors")
READ_FROM_FILES = ("models.hazards.staged", "models.physics")  # published tables of coefficients, too

# Heavy packages, and the only modules that may import them.
HOMES = {
    "simpy": ("sim.engine",),
    "networkx": ("sim.roads",),
    "scipy": ("sim.roads", "models.dispatch"),
    "yaml": ("sim.reader",),
    "matplotlib": ("sim.analysis.figures",),
    "pyarrow": ("sim.analysis.export",),
    "openpyxl": ("sim.sheets",),
    "pydantic": ("sim.reader", "sim.sentences", "sim.tables", "sim.doors", "sim.scenario"),
    "fontTools": ("sim.analysis.fonts.make",),
    "rich": ("sim.cli", "sim.analysis.brief"),
    "jinja2": ("sim.analysis.review",),
    "docx": ("sim.analysis.review",),
}

# sim/ is mechanism: it names no hazard, agency or city (units and the English of programs aside).
KNOWLEDGE = re.compile(
    r"\b(fires?|firefight\w*|mines?|mining|inrush|landslides?|earthquakes?|floods?|flooding|explosions?|"
    r"police|hospital_?\w*_brigade|brigades?|qujing|fuyuan|luoping|luliang|shizong|malong|huize|xuanwei|zhanyi|qilin|yunnan)\b"
    r"|曲靖|富源|罗平|陆良|师宗|马龙|会泽|宣威|沾益|麒麟|云南|火灾|消防|煤矿|透水|滑坡|地震|公安|武警",
    re.IGNORECASE,
)


def modules(*folders: str) -> Iterator[tuple[str, Path]]:
    """Every module of the product with its file."""
    for folder in folders:
        for file in sorted((ROOT / folder).rglob("*.py")):
            parts = file.relative_to(ROOT).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), file
    yield "run_sim", ROOT / "run_sim.py"


def imports(file: Path, module: str) -> Iterator[tuple[int, str]]:
    """(line, module) of every import in a file, wherever it stands; relative ones resolved."""
    package = module.split(".") if file.name == "__init__.py" else module.split(".")[:-1]
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            name = ".".join([*base, *([node.module] if node.module else [])])
            # `from sim import errors` means the module sim.errors
            yield from ((node.lineno, f"{name}.{a.name}" if name == "sim" else name) for a in node.names)


def floor_of(module: str) -> tuple[int, str] | None:
    """(floor, room) of a module; None for what is not ours."""
    if module.partition(".")[0] not in {"sim", "models", "run_sim"}:
        return None
    for number, rooms in enumerate(FLOORS):
        for room in rooms:
            if module == room or (room != "sim" and module.startswith(f"{room}.")):
                return number, room
    raise AssertionError(f"{module} has no floor: give it one in tests/test_floors.py")


def test_no_import_climbs() -> None:
    """A module imports its own package and lower floors only."""
    climbing = []
    for module, file in modules("sim", "models"):
        own = floor_of(module)
        assert own is not None
        for line, name in imports(file, module):
            other = floor_of(name)
            if other is None or other[1] == own[1] or other[0] < own[0]:
                continue
            climbing.append(f"{file.relative_to(ROOT)}:{line}: {module} imports {name}, which is not below it")
    assert not climbing, "\n".join(climbing)


def test_sim_does_not_know_models_by_name() -> None:
    """The catalogue finds models at run time; nothing in sim imports one."""
    found = [
        f"{file.relative_to(ROOT)}:{line}: imports {name}"
        for module, file in modules("sim")
        for line, name in imports(file, module)
        if name.split(".")[0] == "models"
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("package", sorted(HOMES))
def test_a_heavy_package_has_one_home(package: str) -> None:
    """Each heavy package is imported where its work is done, and nowhere else."""
    strangers = [
        f"{file.relative_to(ROOT)}:{line}: {module} imports {package}"
        for module, file in modules("sim", "models")
        for line, name in imports(file, module)
        if name.split(".")[0] == package and not any(f"{module}.".startswith(f"{home}.") for home in HOMES[package])
    ]
    assert not strangers, "\n".join(strangers)


def test_mechanism_names_no_hazard_agency_or_city() -> None:
    """What sim/ says would be as true in another city, of another accident."""
    found = [
        f"{file.relative_to(ROOT)}:{number}: '{match[0]}' in: {line.strip()}"
        for _, file in modules("sim")
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if (match := KNOWLEDGE.search(line.replace(".fire(", "").replace("def fire(", "")))  # events are fired, too
    ]
    assert not found, "\n".join(found)


def test_models_know_neither_engine_nor_case() -> None:
    """A model is a function of time and effort: it sees the vocabulary, the ports and named luck, and nothing that runs."""
    found = [
        f"{file.relative_to(ROOT)}:{line}: imports {name}"
        for module, file in modules("models")
        if not module.startswith((*READ_FROM_FILES, "run_sim"))
        for line, name in imports(file, module)
        if name.startswith("sim") and not f"{name}.".startswith(tuple(f"{seen}." for seen in MODELS_SEE))
    ]
    assert not found, "\n".join(found)


def test_models_name_no_place() -> None:
    """A model holds anywhere."""
    places = re.compile(r"\b(qujing|fuyuan|luoping|luliang|shizong|malong|huize|xuanwei|zhanyi|qilin)\b", re.IGNORECASE)
    found = [
        f"{file.relative_to(ROOT)}:{number}: '{match[0]}'"
        for file in sorted((ROOT / "models").rglob("*"))
        if file.suffix in {".py", ".yaml"}
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if (match := places.search(line))
    ]
    assert not found, "\n".join(found)


def test_no_model_asks_for_those_who_care_for_the_hurt() -> None:
    """Ambulances and treatment are asked for by posts, for whoever is hurt: at a work face they would never work."""
    found = [
        f"{file.relative_to(ROOT)}: {code}"
        for file in sorted((ROOT / "models" / "hazards").rglob("*"))
        if file.suffix in {".py", ".yaml"}
        for code in sorted(MEDICAL)
        if re.search(rf"\b{code}\b", file.read_text(encoding="utf-8"))
    ]
    assert not found, "\n".join(found)


def test_scenarios_hold_no_python() -> None:
    """Facts are data."""
    assert list((ROOT / "scenarios").rglob("*.py")) == []


def test_the_rule_itself_finds_what_climbs(tmp_path: Path) -> None:
    """A planted import is seen at its line: in a function, relative, or under `from sim import`."""
    file = tmp_path / "planted.py"
    text = "import os\ndef f():\n    from sim.engine import clock\nfrom sim import runs\nfrom . import x\n"
    file.write_text(text, encoding="utf-8")

    assert list(imports(file, "sim.domain.planted")) == [
        (1, "os"),
        (4, "sim.runs"),
        (5, "sim.domain"),
        (3, "sim.engine"),
    ]
    assert floor_of("sim.engine") > floor_of("sim.domain.planted")  # type: ignore[operator]
    assert KNOWLEDGE.search("a Fire in 曲靖") and not KNOWLEDGE.search("to determine the minimum; fired")

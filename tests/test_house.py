"""Rules of the house that no type checker knows: encodings, randomness, sizes of files."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PRODUCT = ("sim", "models", "run_sim.py", "benchmarks")
_TEXT = {"read_text", "write_text"}


def files(*names: str) -> Iterator[Path]:
    """Python files under these names."""
    for name in names:
        yield from [ROOT / name] if name.endswith(".py") else sorted((ROOT / name).rglob("*.py"))


def calls(file: Path) -> Iterator[ast.Call]:
    """Every call in a file."""
    yield from (node for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, ast.Call))


def without_encoding(call: ast.Call) -> bool:
    """Whether a call opens, reads or writes text and leaves its encoding to the platform."""
    method = isinstance(call.func, ast.Attribute)
    name = (
        call.func.attr
        if isinstance(call.func, ast.Attribute)
        else call.func.id
        if isinstance(call.func, ast.Name)
        else ""
    )
    if any(k.arg == "encoding" for k in call.keywords) or name not in ({*_TEXT, "open"} if method else {"open"}):
        return False
    modes = [
        a.value
        for a in [*call.args, *(k.value for k in call.keywords if k.arg == "mode")]
        if isinstance(a, ast.Constant)
    ]
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    if isinstance(owner, ast.Name) and owner.id in {"os", "reader"}:
        return False
    return name in _TEXT or not any(isinstance(mode, str) and "b" in mode for mode in modes)


def test_every_text_says_its_encoding() -> None:
    """A file written on one platform is read on another: no open, read_text or write_text without `encoding=`."""
    found = [
        f"{file.relative_to(ROOT)}:{call.lineno}: {ast.unparse(call)[:80]}"
        for file in files(*PRODUCT, "tests")
        for call in calls(file)
        if without_encoding(call)
    ]
    assert not found, "\n".join(found)


def test_the_rule_of_encodings_finds_what_it_should() -> None:
    """Planted calls are told apart."""
    bad = ["open('x')", "p.open()", "p.open('w')", "p.read_text()", "p.write_text(t)", "open('x', mode='a')"]
    good = [
        "open('x', 'rb')",
        "p.open('xb', buffering=0)",
        "p.read_text(encoding='utf-8')",
        "os.open(n, f)",
        "read_text(yaml, M)",
    ]

    def call(text: str) -> ast.Call:
        node = ast.parse(text, mode="eval").body
        assert isinstance(node, ast.Call)
        return node

    assert [t for t in bad if not without_encoding(call(t))] == [] and [
        t for t in good if without_encoding(call(t))
    ] == []


def test_luck_comes_from_named_streams_only() -> None:
    """No `random`, no NumPy generator: every draw belongs to a name (sim/streams.py)."""
    found = []
    for file in files("sim", "models"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            attribute = ast.unparse(node) if isinstance(node, ast.Attribute) else ""
            if any(n.split(".")[0] in {"random", "secrets"} for n in names) or re.match(
                r"(np|numpy)\.random\b", attribute
            ):
                found.append(f"{file.relative_to(ROOT)}:{node.lineno}")  # type: ignore[attr-defined]
    assert not found, "\n".join(found)


def test_no_wall_clock_reaches_a_result() -> None:
    """Only the terminal's progress and a retried rename look at the wall clock: the same case gives the same bytes at any hour."""
    allowed = {"sim/cli/terminal.py", "sim/journal/run_folder.py"}
    clock = re.compile(
        r"\b(datetime|date)\.(now|today|utcnow)\(|\btime\.(time|monotonic|perf_counter|localtime|sleep)\b|\buuid\."
    )
    found = [
        f"{name}:{number}: {line.strip()}"
        for file in files("sim", "models")
        if (name := file.relative_to(ROOT).as_posix()) not in allowed
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if clock.search(line)
    ]
    assert not found, "\n".join(found)


def test_builtin_hash_decides_nothing() -> None:
    """`hash()` differs from process to process; what needs a digest uses hashlib."""
    found = [
        f"{file.relative_to(ROOT)}:{call.lineno}"
        for file in files("sim", "models")
        for call in calls(file)
        if isinstance(call.func, ast.Name) and call.func.id == "hash"
    ]
    assert not found, "\n".join(found)


def test_no_file_outgrows_its_room() -> None:
    """A file past 450 lines holds more than one concept."""
    lengths = {
        f.relative_to(ROOT).as_posix(): len(f.read_text(encoding="utf-8").splitlines()) for f in files("sim", "models")
    }
    assert not {name: length for name, length in lengths.items() if length > 450}


def test_nothing_unfinished_is_shipped() -> None:
    """No stub, no note to oneself."""
    words = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b")
    found = [
        f"{file.relative_to(ROOT)}:{number}: {line.strip()}"
        for file in files("sim", "models")
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if words.search(line)
    ]
    assert not found, "\n".join(found)


def test_every_public_thing_says_what_it_is() -> None:
    """Modules, public classes and functions of sim and models have a docstring."""
    silent = []
    for file in files("sim", "models", "run_sim.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        if tree.body and not ast.get_docstring(tree):
            silent.append(f"{file.relative_to(ROOT)}:1")
        for node in [
            n for n in tree.body if isinstance(n, ast.ClassDef | ast.FunctionDef) and not n.name.startswith("_")
        ]:
            inner = node.body if isinstance(node, ast.ClassDef) else []
            public = [n for n in inner if isinstance(n, ast.FunctionDef) and not n.name.startswith("_")]
            silent += [
                f"{file.relative_to(ROOT)}:{n.lineno} {n.name}" for n in (node, *public) if not ast.get_docstring(n)
            ]
    assert not silent, "\n".join(silent)


# Floats in the program that are no model number, each with the reason; any other stands in YAML with unit and source.
PLAIN = {
    0.0,
    0.5,
    1.0,
    2.0,
    3.0,
    4.0,
    24.0,
    60.0,
    90.0,
    100.0,
    180.0,
    360.0,
    1000.0,
    3600.0,
    86400.0,
    1e6,
}  # halves, angles, units
TINY, HUGE = 1e-2, 1e9  # below: what is lost in rounding; above: what nobody means
NO_MODEL = {
    "sim/units.py": "units",
    "sim/cli/terminal.py": "how often a line is shown",
    "sim/domain/parameters.py": "the quantile of a spread that a p90 is",
    "sim/domain/places.py": "the radius of the earth; the ordinary place of a world that is made up for a test",
    "sim/doors/city_language.py": "bounds of a form",
    "sim/doors/msel_columns.py": "the width of a column",
    "sim/sheets.py": "the width of a column",
    "sim/journal/run_folder.py": "how long a rename is tried again",
    "sim/redrill.py": "the usual interval",
    "models/hazards/building_fire/water.py": "foot and gallon",
    "models/hazards/flood/water.py": "foot",
    "models/hazards/forest_fire/__init__.py": "units",
    "models/hazards/forest_fire/spread.py": "units",
    "models/hazards/earthquake/losses.py": "the bands by which its own parameters are named",
    "models/hazards/mine_fire/fire.py": "0 °C",
    "models/hazards/road_crash/tunnel.py": "0 °C",
    "models/physics/underground.py": "0 °C",
    "models/hazards/special_equipment/people.py": "half a right angle",
    "models/hazards/water_pollution/plume.py": "how far a curve is reckoned",
    "models/kernels.py": "exponents of its equations",
    "models/physics/hurt.py": "the base of a probit, by definition",
    "models/physics/probit.py": "the base of a probit, by definition",
    "models/physics/rivers.py": "how far a series is reckoned",
    "models/physics/sun.py": "the tilt of the earth and the days of its year",
}
DRAWN = "sim/analysis"  # what is drawn and laid out: widths, colours, sizes


def test_numbers_of_models_stand_in_yaml() -> None:
    """A float in Python is a unit, a bound of arithmetic, or explained above; what a model says has a source, in YAML."""
    files = [*sorted((ROOT / "sim").rglob("*.py")), *sorted((ROOT / "models").rglob("*.py"))]
    bare = {
        f"{name}:{node.lineno}: {node.value}"
        for name, file in ((file.relative_to(ROOT).as_posix(), file) for file in files)
        if name not in NO_MODEL and not name.startswith(DRAWN)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, float)
        if node.value not in PLAIN and TINY < node.value < HUGE
    }
    assert bare == set()


def test_no_function_is_dead() -> None:
    """Whatever has a name is called, handed on or tested somewhere: its name stands more than once."""
    texts = {
        file: file.read_text(encoding="utf-8")
        for file in files("sim", "models", "tests", "docs", "benchmarks", "run_sim.py")
    }
    named = Counter(word for text in texts.values() for word in re.findall(r"\w+", text))
    dead = {
        f"{file.relative_to(ROOT)}:{node.lineno}: {node.name}"
        for file in files("sim", "models")
        for node in ast.walk(ast.parse(texts[file]))
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("__")
        if not node.decorator_list and named[node.name] == 1
    }
    assert dead == set()

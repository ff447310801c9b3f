"""Catalogue: finds plug-ins by the name of their file, checks them when they are used, suggests the near name.

    models/hazards/<name>/            class Model, class Parameters, parameters.yaml      a hazard
    models/hazards/staged/<name>.yaml                                                     a hazard written in YAML
    models/dispatch/<name>.py         class Strategy (and Parameters, if it has numbers)  a dispatch strategy
    models/cascades/<nature>.yaml                         what may follow an accident of that nature
    models/assessment/<name>.py       class Assessor                                      how incidents are graded
    models/<folder>/<file>.yaml       numbers with passports                              `rules`

Nothing is registered: to list is to list a folder. A file whose name begins with `_` is no plug-in. Other packages add
modules of the same shape through the entry-point groups `liandong.hazards` and `liandong.dispatch`.

Every number of the passport files has one name: the file's, a dot, its own (`care.load` stands in casualties/care.yaml).
A file called parameters, delays or errors goes by its folder's name (`reporting.intake` stands in reporting/delays.yaml).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeVar

from sim.errors import InvalidInput, Problem, UnknownName, suggest

if TYPE_CHECKING:
    from sim.domain.cascades import Edge
    from sim.domain.command import Criterion
    from sim.domain.parameters import Parameter
    from sim.doors.common import Named
    from sim.doors.hazard import HazardCard
    from sim.doors.law import PlanEntry, PlansFile
    from sim.ports import Assessor, Hazard, Mortality, Strategy

_T = TypeVar("_T")
_BESIDE_SIM = Path(__file__).parents[1]
_HAZARDS, _DISPATCH, _ASSESSMENT, _STAGED, _CASCADES = "hazards", "dispatch", "assessment", "staged", "cascades"
_PHYSICS = "physics"
_GENERAL = ("parameters", "delays", "errors")  # file names that say nothing without their folder's
_TABLES = (  # files of models/ that hold more than numbers with passports, and have doors of their own
    "response/capabilities", "response/elements", "response/forces", "response/supplies",
    "rules/severity", "rules/obligations", "rules/phases", "rules/plans", "rules/terms", "rules/negative_list",
    "rules/consequences", "rules/mechanisms", "scoring/reference", "physics/briggs", "physics/probits",
)  # fmt: skip


def models_root() -> Path:
    """The folder of the models: knowledge that holds in every city."""
    return _BESIDE_SIM / "models"


def scenarios_root() -> Path:
    """The folder of cities, cases and drills: what LIANDONG_DATA names, else what ships with the program.

    Raises `InvalidInput` if LIANDONG_DATA names no folder.
    """
    named = os.environ.get("LIANDONG_DATA")
    if named and not Path(named).is_dir():
        remedy = "name the folder that holds cities/, cases/ and drills/, or unset it"
        raise InvalidInput([Problem(named, 1, 1, "", "LIANDONG_DATA names no folder that is there", remedy)])
    return Path(named or _BESIDE_SIM / "scenarios")


# ── hazards ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class HazardPlugin:
    """A hazard that can be named in a case. `file` holds its card; both it and the model are read when first asked for."""

    name: str
    file: Path
    module: str = ""  # where class Model stands; "" for one that is written in YAML
    root: Path | None = _BESIDE_SIM  # below which its path is shown; None: as it was given

    @cached_property
    def card(self) -> HazardCard:
        """What the hazard says of itself besides its equations; the model is not loaded for it. Raises `InvalidInput`."""
        from sim.doors.hazard import read_hazard

        card = read_hazard(self.file, root=self.root) if self.module else self._staged[0]
        _check_law(card, self.file, self.root)
        return card

    def build(self, values: Mapping[str, float]) -> Hazard:
        """The model with these parameters (SI), every one of the card's. Raises `InvalidInput` if the plug-in is unsound."""
        return self._make(values)

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """What may follow an accident of this nature. Raises `InvalidInput`."""
        if self.module:
            file = models_root() / _CASCADES / f"{self.name}.yaml"
            return edges_in(file) if file.is_file() else ()
        from sim.doors.staged import read_staged_edges

        return read_staged_edges(self.file, self.card, _Cards(), root=self.root)

    @cached_property
    def _make(self) -> Callable[[Mapping[str, float]], Hazard]:
        from sim.ports import Hazard

        if not self.module:
            return self._staged[1]
        module = _loaded(self.module)
        model: Callable[..., Hazard] = _found(module, "Model", Hazard)
        parameters = _parameters(module, self.card.parameters, self.file)
        return lambda values: model(parameters(**values))

    @cached_property
    def _staged(self) -> tuple[HazardCard, Callable[[Mapping[str, float]], Hazard]]:
        found: tuple[HazardCard, Callable[[Mapping[str, float]], Hazard]]
        found = _loaded("models.hazards.staged").compile_staged(self.file, root=self.root)
        return found


def hazards() -> Mapping[str, HazardPlugin]:
    """All hazards by name, in order of their names; nothing but folders is read."""
    root = models_root() / _HAZARDS
    found = {
        card.parent.name: HazardPlugin(card.parent.name, card, f"models.{_HAZARDS}.{card.parent.name}")
        for card in root.glob("*/parameters.yaml")
    }
    found |= {file.stem: HazardPlugin(file.stem, file) for file in (root / _STAGED).glob("*.yaml")}
    for entry in _entries(_HAZARDS):
        found.setdefault(entry.name, HazardPlugin(entry.name, _beside(entry) / "parameters.yaml", entry.module))
    return dict(sorted(found.items()))


def hazard(name: str) -> HazardPlugin:
    """The hazard of that name. Raises `UnknownName`."""
    return _named("hazard", name, hazards())


class _Cards(Mapping[str, "HazardCard"]):
    """The cards of all hazards by name, each read when it is asked for."""

    def __init__(self) -> None:
        self._plugins = hazards()

    def __getitem__(self, name: str) -> HazardCard:
        return self._plugins[name].card

    def __iter__(self) -> Iterator[str]:
        return iter(self._plugins)

    def __len__(self) -> int:
        return len(self._plugins)

    def __contains__(self, name: object) -> bool:
        return name in self._plugins


def edges_in(file: Path) -> tuple[Edge, ...]:
    """The cascade edges of a file of models/cascades. Raises `InvalidInput` with every mistake."""
    from sim.doors.cascades import read_edges

    return read_edges(file, _Cards(), root=_BESIDE_SIM)


def cascades(plugins: Iterable[HazardPlugin], depth: int) -> dict[str, tuple[Edge, ...]]:
    """The edges that begin at these hazards, at what may follow them, and so on: by nature, `depth` generations of them.

    Raises `InvalidInput`.
    """
    found: dict[str, tuple[Edge, ...]] = {}
    known, generation = hazards(), {plugin.name: plugin for plugin in plugins}
    for _ in range(depth):
        new = {name: plugin.edges for name, plugin in sorted(generation.items()) if name not in found}
        found |= new
        generation = {edge.to: known[edge.to] for edges in new.values() for edge in edges}
    return dict(sorted((nature, edges) for nature, edges in found.items() if edges))


# ── strategies, assessors, mortality ─────────────────────────────────────────────────────────────────────────────────


def strategies() -> Mapping[str, str]:
    """The module of each dispatch strategy, by name."""
    found = _modules(_DISPATCH)
    for entry in _entries(_DISPATCH):
        found.setdefault(entry.name, entry.module)
    return dict(sorted(found.items()))


def strategy_name(name: str) -> tuple[str, str]:
    """What the dispatch strategy of that name is called, 中文 and English: its title as far as the colon; "" if there is none."""
    if name not in strategies():
        return "", ""
    from sim.ports import Strategy

    made = _found(_loaded(strategies()[name]), "Strategy", Strategy)
    return made.title_zh.partition("：")[0], made.title_en.partition(":")[0]


def strategy(name: str, numbers: Mapping[str, Parameter] | None = None) -> Strategy:
    """The dispatch strategy of that name, with the numbers `dispatch.<name>.*` of `numbers` (of `rules()` if not given).

    Raises `UnknownName`, and `InvalidInput` if the plug-in is unsound.
    """
    from sim.ports import Strategy

    module = _loaded(_named("dispatch strategy", name, strategies()))
    made: Callable[..., Strategy] = _found(module, "Strategy", Strategy)
    if not hasattr(module, "Parameters"):
        return made()
    prefix = f"{_DISPATCH}.{name}."
    own = {key.removeprefix(prefix): p for key, p in (numbers or rules()).items() if key.startswith(prefix)}
    parameters = _parameters(module, own, models_root() / _DISPATCH / "parameters.yaml")
    return made(parameters(**{key: p.value for key, p in own.items()}))


def scales() -> dict[str, tuple[Criterion, ...]]:
    """The criteria of each severity scale, by the scale's name."""
    return _scales()


@cache
def _scales() -> dict[str, tuple[Criterion, ...]]:
    from sim.doors.law import read_scales

    return read_scales(models_root() / "rules" / "severity.yaml", root=_BESIDE_SIM)


def _check_law(card: HazardCard, file: Path, root: Path | None) -> None:
    """A card may name only a scale and plans that stand in models/rules; raises `InvalidInput` with their places."""
    wrong: list[tuple[tuple[str | int, ...], str, str]] = []
    if card.severity_scale not in _scales():
        remedy = suggest(card.severity_scale, sorted(_scales()))
        wrong.append((("severity_scale",), f"there is no scale '{card.severity_scale}'", remedy))
    for i, plan in enumerate(card.plans):
        if plan not in _plans().plans:
            wrong.append((("plans", i), f"there is no plan '{plan}'", suggest(plan, sorted(_plans().plans))))
    if wrong:
        from sim.reader import load

        document = load(file, root=root)
        raise InvalidInput([document.problem(*where) for where in wrong])


def assessor(levels: Mapping[str, Mapping[int, int | None]], name: str = "by_statute") -> Assessor:
    """How incidents are graded: by the scales of models/rules, and the response levels that a city's plans attach."""
    from sim.ports import Assessor

    module = _loaded(_named("assessor", name, _modules(_ASSESSMENT)))
    made: Callable[..., Assessor] = _found(module, "Assessor", Assessor)
    return made(_scales(), levels)


def mortality(numbers: Mapping[str, Parameter] | None = None) -> Mortality:
    """What becomes of the hurt, with the numbers `casualties.*` of `numbers` (of `rules()` if not given)."""
    from sim.ports import Mortality

    module = _loaded("models.casualties")
    own = {k.removeprefix("casualties."): p for k, p in (numbers or rules()).items() if k.startswith("casualties.")}
    parameters = _parameters(module, own, models_root() / "casualties" / "parameters.yaml")
    made: Callable[..., Mortality] = _found(module, "Model", Mortality)
    return made(parameters(**{key: p.value for key, p in own.items()}))


# ── numbers and duties ───────────────────────────────────────────────────────────────────────────────────────────────


def rules(on: date | None = None) -> dict[str, Parameter]:
    """Every number of the models that belongs to no single hazard, by name; of dated law, what is in force `on` that day.

    Raises `InvalidInput` with every mistake, two numbers of one name among them.
    """
    from msgspec.structs import replace

    from sim.doors.parameters import load_parameters

    found: dict[str, Parameter] = {}
    problems: list[Problem] = []
    for file in sorted(models_root().glob("*/*.yaml")):
        subject = file.parent.name if file.stem in _GENERAL else file.stem
        if file.parent.name in (_HAZARDS, _CASCADES) or f"{file.parent.name}/{file.stem}" in _TABLES:
            continue
        try:
            numbers = load_parameters(file, on=on, root=_BESIDE_SIM)
        except InvalidInput as mistakes:
            problems += mistakes.problems
            continue
        for name, number in numbers.items():
            whole = f"{subject}.{name}"
            if whole in found:
                problems.append(_problem(file, f"'{whole}' is a number of another file too", "rename one of them"))
            found[whole] = replace(number, name=whole)
    if problems:
        raise InvalidInput(problems)
    return dict(sorted(found.items()))


@cache
def _plans() -> PlansFile:
    from sim.doors.law import read_plans

    return read_plans(models_root() / "rules" / "plans.yaml", root=_BESIDE_SIM)


def coefficients(file: Path) -> object:
    """A published table of coefficients of models/physics, as the module reads it that uses it. Raises `InvalidInput`."""
    for path in _modules(_PHYSICS).values():
        module = _loaded(path)
        if getattr(module, "TABLE", None) is not None and module.TABLE.name == file.name:
            return module.read_table(file)
    raise InvalidInput(
        [_problem(file, "no module of models/physics reads this table", "remove it, or name it as it is read")]
    )


def plans() -> tuple[Mapping[str, PlanEntry], Mapping[str, Named]]:
    """The families of special plans by key, and the legal classes by theirs."""
    return _plans().plans, _plans().classes


# ── listing ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def list_plugins(kind: str) -> list[dict[str, str]]:
    """What can be named, as rows of text: `kind` is hazards, strategies or numbers. Raises `UnknownName`."""
    listings: dict[str, Callable[[], Iterator[dict[str, str]]]] = {
        "hazards": _hazard_rows, "strategies": _strategy_rows, "numbers": _number_rows,
    }  # fmt: skip
    return list(_named("kind of plug-in", kind, listings)())


def _hazard_rows() -> Iterator[dict[str, str]]:
    for plugin in hazards().values():
        card = plugin.card
        yield {
            "name": plugin.name, "title_zh": card.title.zh, "title_en": card.title.en, "causes": " ".join(card.causes),
            "scope": " ".join(card.scope), "description_zh": card.description.zh, "description_en": card.description.en,
        }  # fmt: skip


def _strategy_rows() -> Iterator[dict[str, str]]:
    from sim.ports import Strategy

    for name, path in strategies().items():
        made = _found(_loaded(path), "Strategy", Strategy)
        said = " ".join((made.__doc__ or "").split())
        yield {"name": name, "title_zh": made.title_zh, "title_en": made.title_en, "description": said}


def _number_rows() -> Iterator[dict[str, str]]:
    from sim.units import from_si

    for name, number in rules().items():
        yield {
            "name": name, "value": f"{from_si(number.value, number.unit):g} {number.unit}", "standing": number.standing.value,
            "description": number.description, "source": number.source,
        }  # fmt: skip


# ── finding and checking ─────────────────────────────────────────────────────────────────────────────────────────────


def _named(kind: str, name: str, valid: Mapping[str, _T]) -> _T:
    if name not in valid:
        raise UnknownName(kind, name, valid)
    return valid[name]


def _modules(folder: str) -> dict[str, str]:
    files = sorted((models_root() / folder).glob("*.py"))
    return {f.stem: f"models.{folder}.{f.stem}" for f in files if not f.stem.startswith("_")}


def _entries(group: str) -> Sequence[EntryPoint]:
    return sorted(entry_points(group=f"liandong.{group}"), key=lambda entry: (entry.name, entry.value))


def _beside(entry: EntryPoint) -> Path:
    from importlib.util import find_spec

    spec = find_spec(entry.module)
    return Path(spec.origin).parent if spec is not None and spec.origin else Path(entry.module)


@cache
def _loaded(path: str) -> ModuleType:
    """The module of a plug-in; raises `InvalidInput` with the place if it cannot be imported."""
    from importlib import import_module

    try:
        return import_module(path)
    except SyntaxError as error:
        place = (error.filename or path, error.lineno or 1, error.offset or 1)
        raise InvalidInput([Problem(*place, "", f"this is not valid Python: {error.msg}")]) from None
    except ImportError as error:
        file = models_root().parent.joinpath(*path.split("."))
        raise InvalidInput([_problem(file, f"the plug-in cannot be imported: {error}")]) from error


def _found(module: ModuleType, name: str, port: type) -> Any:
    """The class of that name in a plug-in, which fulfils `port`; raises `InvalidInput` with all that is wrong."""
    from sim.doors.plugins import misfits

    file = Path(module.__file__ or module.__name__)
    made = getattr(module, name, None)
    if not isinstance(made, type):
        remedy = f"write it, with the methods of sim.ports.{port.__name__}"
        raise InvalidInput([_problem(file, f"there is no class {name}", remedy)])
    if wrong := [_problem(file, what, remedy, line) for line, what, remedy in misfits(made, port)]:
        raise InvalidInput(wrong)
    return made


def _parameters(module: ModuleType, numbers: Mapping[str, object], file: Path) -> Any:
    """Class Parameters of a plug-in, whose fields are just the names in its YAML; raises `InvalidInput` if not."""
    from sim.doors.plugins import unmatched

    made = getattr(module, "Parameters", None)
    if wrong := [_problem(file, what, remedy) for what, remedy in unmatched(made, numbers)]:
        raise InvalidInput(wrong)
    return made


def _problem(file: Path, what: str, remedy: str = "", line: int = 1) -> Problem:
    from sim.texts import shown

    return Problem(shown(file, _BESIDE_SIM), line, 1, "", what, remedy)

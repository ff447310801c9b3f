"""Liandong (联动): an event-driven simulator of a city's emergency linkage.

    import sim

    case = sim.load_case("scenarios/drills/….yaml", seed=7)     # a compiled case, or InvalidInput with every problem
    run = sim.run(case)                                         # events, names and figures
    run.summary["first_arrival"]                                # {"value": …, "unit": "s since start"}

Names are resolved on first use, so that importing the package costs nothing. What stands in `__all__` is stable; `sim.errors`
holds what can go wrong.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from sim.version import __version__ as __version__

if TYPE_CHECKING:
    from sim.catalog import list_plugins as list_plugins
    from sim.checking import check as check
    from sim.reviews import review as review
    from sim.runs import read_run as read_run
    from sim.runs import run as run
    from sim.scenario.compile import load_case as load_case

__all__ = ["check", "list_plugins", "load_case", "read_run", "review", "run"]

_HOMES = {
    "check": "sim.checking",
    "list_plugins": "sim.catalog",
    "load_case": "sim.scenario.compile",
    "read_run": "sim.runs",
    "review": "sim.reviews",
    "run": "sim.runs",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute '{name}'; public are: {', '.join(__all__)}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

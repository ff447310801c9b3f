"""JSON Schema of the files people write, for editors and forms: made from the models that check them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import TypeAdapter

from sim.errors import UnknownName

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def _case() -> Any:
    from sim.doors.case import CaseFile

    return CaseFile


def _city() -> Any:
    from sim.doors.city_language import CityFile

    return CityFile


def _parameters() -> Any:
    from sim.doors.parameters import Passport

    return dict[str, Passport]


def _hazard() -> Any:
    from sim.doors.hazard import HazardCard

    return HazardCard


def _plan() -> Any:
    from sim.doors.plans_language import PlanFile

    return PlanFile


_KINDS: Mapping[str, Callable[[], Any]] = {
    "case": _case, "drill": _case, "city": _city, "plan": _plan, "parameters": _parameters, "hazard": _hazard,
}  # fmt: skip


def schema(kind: str) -> dict[str, Any]:
    """The JSON Schema of a kind of file: case, drill, city, plan, parameters or hazard. Raises `UnknownName`."""
    if kind not in _KINDS:
        raise UnknownName("kind of file", kind, _KINDS)
    made = TypeAdapter(_KINDS[kind]()).json_schema(mode="validation")
    return {"$schema": DIALECT, **made}

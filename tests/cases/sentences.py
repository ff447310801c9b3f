"""Sentences: a case, and what must then happen when – readable by whoever knows Toytown, checked by pytest.

    - name: A plain dispatch
      sum: found 1 min, taken in 1, ordered 1, turned out 1, driven 20
      given: {incidents: [...], injects: [...]}             # a case file; given.yaml holds what all have in common
      expect:
        - {at: "00:24", event: arrived, element: T1/01}     # once, then; all other keys are fields of the event
        - {at: ["00:18", "00:48"], event: loaded}           # just then, each time
        - {never: departed, element: T2/01}

Times are hours:minutes[:seconds] since the scenario's start, exact to the second.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from sim.domain.events import Event
from sim.units import parse_quantity, show_span

HERE = Path(__file__).parent


class SentenceFile(pytest.File):
    """A file of sentences."""

    def collect(self) -> Iterator[pytest.Item]:
        """One test a sentence."""
        for said in yaml.safe_load(self.path.read_text(encoding="utf-8")):
            yield Sentence.from_parent(self, name=said["name"], said=said)


class Sentence(pytest.Item):
    """One case, and what is expected of it."""

    def __init__(self, *, said: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.said = said

    def runtest(self) -> None:
        """Compile, run, compare."""
        events = happens(self.said["given"])
        wrong = [w for expected in self.said["expect"] if (w := differs(events, dict(expected)))]
        if wrong:
            raise Untrue("\n".join(wrong))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> str:
        """What was expected, what happened, how it was reckoned."""
        if isinstance(excinfo.value, Untrue):
            return f"{self.name}\nreckoned: {self.said['sum']}\n{excinfo.value}"
        return str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where the sentence stands."""
        return self.path, None, self.name


class Untrue(Exception):
    """What happened is not what was said."""


def happens(given: dict[str, Any]) -> Sequence[Event]:
    """The events of a case that adds `given` to given.yaml."""
    from sim.engine.simulation import simulate
    from sim.scenario.compile import load_case

    base = yaml.safe_load((HERE / "given.yaml").read_text(encoding="utf-8"))
    case = base | given | {"rules": base["rules"] | given.get("rules", {})}
    events: list[Event] = []
    with tempfile.TemporaryDirectory() as folder:
        for model in sorted((HERE / "models").glob("*.yaml")):
            shutil.copy(model, folder)
        file = Path(folder) / "sentence.yaml"
        file.write_text(yaml.safe_dump(case, allow_unicode=True), encoding="utf-8")
        simulate(load_case(file), events.append)
    return events


def differs(events: Sequence[Event], expected: dict[str, Any]) -> str:
    """What is wrong with an expectation; "" if nothing is."""
    never = "never" in expected
    kind = expected.pop("never") if never else expected.pop("event")
    at = [] if never else expected.pop("at")
    due = [seconds(t) for t in (at if isinstance(at, list) else [at])]
    found = [e for e in events if e.__struct_config__.tag == kind and all(_is(e, k, v) for k, v in expected.items())]
    if [round(e.t) for e in found] == due and all(abs(e.t - d) < 0.01 for e, d in zip(found, due, strict=True)):
        return ""
    what = f"{kind} {expected or ''}".strip()
    said = ", ".join(show_span(d) for d in due) or "never"
    return f"{what}: expected {said}, happened {', '.join(show_span(e.t) for e in found) or 'never'}"


def seconds(text: str) -> float:
    """`00:24` or `00:24:30` in seconds."""
    return parse_quantity(text, "time")


def _is(event: Event, name: str, wanted: Any) -> bool:
    value = getattr(event, name, None)
    value = getattr(value, "value", value)
    return list(value) == wanted if isinstance(wanted, list) else value == wanted

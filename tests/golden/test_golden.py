"""Golden digests: what the shipped cases do has not changed unseen. They prove nothing right: tests of theory stand elsewhere.

Whoever means a change runs `pytest tests/golden --update-golden`, reads the difference it shows, and says why in the commit.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.whole.shipped import CASES, shipped

FILE = Path(__file__).parent / "digests.json"
SHOWN = (
    "first_arrival",
    "last_arrival",
    "teams_dispatched",
    "people_dispatched",
    "casualties",
    "reroutes",
    "duration",
    "ended",
)


def now(name: str) -> dict[str, Any]:
    """What is kept of a run: the digest of its journal, and enough figures to see what a change did."""
    run = shipped(name)
    figures = {key: run.summary[key]["value"] for key in SHOWN}
    return {"journal": run.summary["digest"]["value"], "events": len(run.events)} | json.loads(json.dumps(figures))


def changes(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """What is not as it was."""
    return [
        f"{k}: {before.get(k)} -> {after.get(k)}" for k in sorted({*before, *after}) if before.get(k) != after.get(k)
    ]


@pytest.mark.parametrize("name", sorted(CASES))
def test_the_journal_is_what_it_was(
    name: str, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    """Byte for byte, seed and strategy as shipped."""
    golden = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    after = now(name)
    changed = changes(golden.get(name, {}), after)
    if request.config.getoption("--update-golden"):
        kept = {key: value for key, value in golden.items() if key in CASES} | {name: after}
        FILE.write_text(
            json.dumps(kept, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n"
        )
        with capsys.disabled():
            print(f"\n{name}: " + ("\n  ".join(["changed", *changed]) if changed else "as before"))
        return
    assert not changed, "changed (if that is meant: pytest tests/golden --update-golden):\n" + "\n".join(changed)


def test_no_digest_is_kept_of_a_case_that_is_gone() -> None:
    """The file names the shipped cases and no others."""
    assert sorted(json.loads(FILE.read_text(encoding="utf-8"))) == sorted(CASES)

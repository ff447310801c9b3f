"""Commands that run a case: `run`, and `verify`, which makes a recorded run again."""

from __future__ import annotations

import sys
from argparse import ArgumentTypeError, Namespace
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli.cases import find
from sim.cli.exits import Exit
from sim.cli.parser import Parsers
from sim.cli.terminal import Terminal

if TYPE_CHECKING:
    from sim.domain.events import Event
    from sim.journal.run_folder import Recorded
    from sim.runs import Difference, Run

_RUNS = "runs"  # where runs lie if nothing else is said
_MOST_CAUSES = 5  # shown of what led to a difference, before the first one
_SEEDS = 2**63  # seeds lie below it, in case files as well
_LONGEST = 400  # signs shown of an event


def add_commands(parsers: Parsers) -> None:
    """Describe `run` and `verify`."""
    run = parsers.add("run", _run).add_json_and_quiet()
    run.add("case", "run.case", nargs="?", metavar="CASE")
    run.add("--strategy", "run.strategy", metavar="NAME")
    run.add("--seed", "run.seed", type=_seed, metavar="N")
    run.add("--set", "run.settings", action="append", default=[], dest="settings", metavar="PATH=VALUE")
    run.add("--measures", "run.measures", type=Path, metavar="FILE")
    run.add("--release", "run.release", type=_release, action="append", default=[], dest="releases", metavar="ID=TIME")
    run.add("--out", "run.out", type=Path, metavar="DIR")
    run.add("--no-figures", "run.no_figures", action="store_true")
    run.add("--vary", "run.vary", nargs="?", const="dead", choices=("dead", "over", "people"), metavar="OUTCOME")
    parsers.add("verify", _verify).add("run", "run_folder", type=Path, metavar="RUN_DIR").add_json_and_quiet()


def _seed(text: str) -> int:
    """A seed as a case file takes it; the parser tells what is wanted where it is none."""
    if not text.strip().isdecimal() or int(text) >= _SEEDS:
        raise ArgumentTypeError(f"expected a whole number from 0 to {_SEEDS - 1}, got '{text[:40]}'")
    return int(text)


def _release(text: str) -> str:
    """ID=TIME; ValueError makes the parser say that it is none."""
    inject, equals, time = text.partition("=")
    if not (inject.strip() and equals and time.strip()):
        raise ValueError(text)
    return text


# ── run ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _run(arguments: Namespace, terminal: Terminal) -> int:
    file = find(arguments.case)

    from sim.journal.run_folder import RunFolder
    from sim.runs import record
    from sim.scenario.compile import load_case

    arguments.settings += [f"releases.{release}" for release in arguments.releases]
    case = load_case(
        file, strategy=arguments.strategy, seed=arguments.seed, settings=arguments.settings, measures=arguments.measures
    )
    target = Path(arguments.out or Path(_RUNS, _name(case.id, arguments))).absolute()
    folder = RunFolder.create(target.parent, target.name)
    progress = terminal.progress()
    try:
        recording = record(case, folder, progress)
        if not arguments.no_figures:
            from sim.analysis import figures

            figures.draw(recording.run.events, recording.run.cast, folder.path, terminal.lang)
        written = recording.finish()
    except KeyboardInterrupt:
        terminal.complain(terminal.word("run.interrupted", folder.path))
        return Exit.INTERRUPTED
    finally:
        progress.done()
    _show(recording.run, terminal)
    summary = recording.run.summary
    document = {"case": case.id, "run": str(written), "summary": summary}
    if arguments.vary:
        from sim.cli.varying import vary

        document["sensitivity"] = vary(case, arguments.vary, written, terminal, figures=not arguments.no_figures)
    terminal.document(document)
    terminal.note(terminal.word("run.folder", _near(written)))
    return Exit.TARGET_MISSED if _missed(summary) else Exit.FINE


def _near(folder: Path) -> Path:
    """A folder as seen from here, if there is still a here."""
    try:
        return folder.relative_to(Path.cwd())
    except (ValueError, OSError):
        return folder


def _name(case: str, arguments: Namespace) -> str:
    """The name of a run: its case, and what was asked of it that the case does not say."""
    settings = sha256("\n".join(arguments.settings).encode()).hexdigest()[:6] if arguments.settings else ""
    measures = sha256(arguments.measures.read_bytes()).hexdigest()[:6] if arguments.measures else ""
    seed = "" if arguments.seed is None else f"seed{arguments.seed}"
    return "-".join(filter(None, (case, arguments.strategy, seed, settings, measures and f"measures{measures}")))


def _show(run: Run, terminal: Terminal) -> None:
    if terminal.shows:
        from rich.console import Console

        from sim.analysis import brief

        brief.show(run.events, run.cast, terminal.lang, Console(file=sys.stdout))


def _missed(summary: Mapping[str, Any]) -> bool:
    outcomes = summary["expectations"]["value"]
    return bool(outcomes["missed"] or outcomes["late"])


# ── verify ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _verify(arguments: Namespace, terminal: Terminal) -> int:
    from sim import runs
    from sim.analysis import invariants
    from sim.journal.run_folder import open_run

    recorded = open_run(arguments.run)
    case = runs.load_again(recorded)
    changed = runs.changed_inputs(recorded, case)
    if changed:
        terminal.document({"verified": False, "changed_inputs": changed})
        terminal.complain(terminal.word("verify.changed", "\n".join(f"  {name}" for name in changed)))
        return Exit.INVALID_INPUT
    _note_versions(recorded, terminal)
    altered = runs.altered_files(recorded, case)
    broken = [str(violation) for violation in invariants.check(recorded.events, recorded.cast)]
    progress = terminal.progress()
    difference = runs.first_difference(recorded, case, progress)
    progress.done()
    told = _told(difference, terminal) if difference else ()
    for line in (*(terminal.word("verify.altered", name) for name in altered), *broken, *told):
        terminal.complain(line)
    verified = not altered and not broken and difference is None
    if verified:
        terminal.out(terminal.word("verify.same", len(recorded.events)))
    terminal.document(
        {
            "verified": verified,
            "events": len(recorded.events),
            "changed_inputs": [],
            "altered_files": altered,
            "laws_broken": broken,
            "differs_at_line": difference.line if difference else None,
        }
    )
    return Exit.FINE if verified else Exit.TARGET_MISSED


def _note_versions(recorded: Recorded, terminal: Terminal) -> None:
    from sim.journal.run_folder import versions

    for name, now in versions().items():
        then = recorded.header.versions.get(name, "?")
        if then != now:
            terminal.note(terminal.word("verify.version", name, then, now))


def _told(difference: Difference, terminal: Terminal) -> Iterator[str]:
    """The first difference: the event on either side, in what they differ, and what led to it."""
    yield terminal.word("verify.differs", difference.line)
    for label, event in (("verify.recorded", difference.recorded), ("verify.again", difference.again)):
        yield f"  {terminal.word(label)} {_line(event) if event else terminal.word('verify.over')}"
    if difference.fields:
        yield f"  {terminal.word('verify.fields')} {', '.join(difference.fields)}"
    for cause in difference.because[:_MOST_CAUSES]:
        yield f"  ← {_line(cause)}"
    if len(difference.because) > _MOST_CAUSES:
        yield f"  ← … {_line(difference.because[-1])}"


def _line(event: Event) -> str:
    import msgspec

    text = msgspec.json.encode(event).decode()
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"

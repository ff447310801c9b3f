"""Commands that make files: `new` writes a case to start from, `export` a run's tables or map."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from sim.cli.exits import Exit
from sim.cli.parser import Parsers
from sim.cli.terminal import Terminal

_FORMATS = ("csv", "parquet", "geojson")


def add_commands(parsers: Parsers) -> None:
    """Describe `new` and `export`."""
    new = parsers.add("new", _new).add("name", "new.name", metavar="NAME")
    new.add("--hazard", "new.hazard", required=True, metavar="KIND")
    export = parsers.add("export", _export).add("run", "run_folder", type=Path, metavar="RUN_DIR")
    export.add("--to", "export.to", required=True, choices=_FORMATS)
    export.add_json_and_quiet()


def _new(arguments: Namespace, terminal: Terminal) -> int:
    from sim.scenario.new import new_case

    file = Path(f"{arguments.name}.yaml")
    text = new_case(arguments.name, arguments.hazard)
    try:
        with file.open("x", encoding="utf-8", newline="\n") as target:
            target.write(text)
    except FileExistsError:
        terminal.complain(terminal.word("new.exists", file))
        return Exit.USAGE
    terminal.note(terminal.word("written", file))
    return Exit.FINE


def _export(arguments: Namespace, terminal: Terminal) -> int:
    from sim.analysis.export import export

    written = export(arguments.run, arguments.to)
    terminal.document({"written": [str(file) for file in written]})
    for file in written:
        terminal.note(terminal.word("written", file))
    return Exit.FINE

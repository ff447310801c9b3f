"""Commands that look: `check` files, `list` what there is, print a `schema`."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Any

from sim.cli.exits import Exit
from sim.cli.parser import Parsers
from sim.cli.terminal import Terminal

_KINDS = ("hazards", "strategies", "plans", "teams", "capabilities", "measures", "numbers", "cases")
_LONG = (
    "description",
    "scope",
    "command",
    "starts",
    "relies_on",
)  # in the JSON only: eighty columns are not enough for them
_TOLD = ("file", "line", "column", "path", "what", "remedy", "advice")  # of a problem, in the JSON
_SCHEMAS = ("case", "drill", "city", "plan")


def add_commands(parsers: Parsers) -> None:
    """Describe `check`, `list` and `schema`."""
    parsers.add("check", _check).add("paths", "check.paths", nargs="+", type=Path, metavar="PATH").add_json_and_quiet()
    listing = parsers.add("list", _list).add("what", "list.what", choices=_KINDS)
    listing.add("--city", "list.city", metavar="NAME").add("--json", "option.json", action="store_true")
    parsers.add("schema", _schema).add("what", "schema.what", nargs="?", choices=_SCHEMAS, default="case")


def _check(arguments: Namespace, terminal: Terminal) -> int:
    from sim.checking import check, inputs_under

    places = [place for path in arguments.paths for place in inputs_under(path)]
    problems = sorted({problem for path in arguments.paths for problem in check(path)})
    terminal.document({
        "checked": [place.as_posix() for place in places],
        "problems": [{name: getattr(p, name) for name in _TOLD} for p in problems],
    })  # fmt: skip
    advice = [problem for problem in problems if problem.advice]
    for problem in problems:
        if not problem.advice:
            terminal.complain(terminal.problem(problem))
    if advice:
        terminal.complain(terminal.word("check.advice"))
    for problem in advice:
        terminal.complain(terminal.problem(problem))
    if problems:
        terminal.complain(terminal.word("check.found", len(problems)))
        return Exit.INVALID_INPUT
    terminal.out(terminal.word("check.fine", len(places)))
    return Exit.FINE


def _list(arguments: Namespace, terminal: Terminal) -> int:
    from sim.cli.listings import listing

    rows = listing(arguments.what, arguments.city)
    terminal.document(rows)
    if terminal.shows:
        _table(rows, terminal)
    return Exit.FINE


def _table(rows: list[dict[str, Any]], terminal: Terminal) -> None:
    """The rows as people read them: one language, columns as wide as they need."""
    from rich.console import Console
    from rich.table import Table

    other = "_en" if terminal.lang == "zh" else "_zh"
    columns = [name for name in rows[0] if not name.endswith(other) and not name.startswith(_LONG)] if rows else []
    table = Table(box=None, pad_edge=False, show_header=True, header_style="bold")
    for name in columns:
        table.add_column(name.removesuffix(f"_{terminal.lang}"), overflow="fold")
    for row in rows:
        table.add_row(*(str(row[name]) for name in columns))
    Console(soft_wrap=True).print(table)


def _schema(arguments: Namespace, terminal: Terminal) -> int:
    from sim.scenario.schema import schema

    terminal.json(schema(arguments.what))
    return Exit.FINE

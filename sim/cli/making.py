"""Commands that make files: `new` writes a case to start from, `export` a run's tables or map, `review` what it shows."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from sim.cli.exits import Exit
from sim.cli.parser import Parsers
from sim.cli.terminal import Terminal

_FORMATS = ("csv", "parquet", "geojson")
_REVIEWS = ("html", "docx", "md", "json")


def add_commands(parsers: Parsers) -> None:
    """Describe `new`, `export` and `review`."""
    new = parsers.add("new", _new).add("name", "new.name", metavar="NAME")
    new.add("--hazard", "new.hazard", required=True, metavar="KIND")
    export = parsers.add("export", _export).add("run", "run_folder", type=Path, metavar="RUN_DIR")
    export.add("--to", "export.to", required=True, choices=_FORMATS)
    export.add_json_and_quiet()
    review = parsers.add("review", _review).add("run", "run_folder", type=Path, metavar="RUN_DIR")
    review.add("--to", "review.to", action="append", choices=_REVIEWS)
    review.add("--brief", "review.brief", action="store_true")
    review.add("--against", "review.against", type=Path, metavar="RUN_DIR")
    review.add("--accept", "review.accept", action="store_true")
    review.add("--out", "review.out", type=Path, metavar="PATH")
    review.add_json_and_quiet()


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


def _review(arguments: Namespace, terminal: Terminal) -> int:
    from sim.reviews import review

    found = review(arguments.run, lang=terminal.lang, against=arguments.against)
    written = []
    for to in dict.fromkeys(arguments.to or ["html"]):
        file = _target(arguments, to)
        file.write_bytes(found.render(to, brief=arguments.brief))
        written.append(file)
    if arguments.accept:
        file = _target(arguments, "yaml", "measures")
        _keep(file)
        file.write_text(found.measures(), encoding="utf-8", newline="\n")
        written.append(file)
    terminal.document({
        "review": [str(file) for file in written],
        "findings": [
            {"id": f.id, "problem": f.problem_zh if terminal.lang == "zh" else f.problem_en} for f in found.review.findings
        ],
    })  # fmt: skip
    for file in written:
        terminal.note(terminal.word("written", file))
    return Exit.FINE


def _target(arguments: Namespace, to: str, name: str = "") -> Path:
    """Beside the journal as review.<form> (brief.<form>), or where `--out` says: a file, or a folder."""
    name = f"{name or ('brief' if arguments.brief else 'review')}.{to}"
    out: Path | None = arguments.out
    if out is None:
        return Path(arguments.run, name)
    folder = out.parent if out.suffix in {f".{form}" for form in _REVIEWS} and not out.is_dir() else out
    folder.mkdir(parents=True, exist_ok=True)
    return out if folder != out and out.suffix == f".{to}" else folder / name


def _keep(file: Path) -> None:
    """What somebody has accepted already is not written over: it stays beside the new one."""
    if file.exists():
        file.replace(file.with_name(f"{file.name}.before"))

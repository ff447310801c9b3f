"""Commands that make files: `new` writes a case to start from, `export` a run's tables or map, `review` what it shows."""

from __future__ import annotations

import json
from argparse import Namespace
from pathlib import Path

from sim.cli.cases import find
from sim.cli.exits import Exit
from sim.cli.parser import Parsers
from sim.cli.terminal import Terminal

_FORMATS = ("csv", "parquet", "geojson", "xlsx")
_REVIEWS = ("html", "docx", "md", "json")
_VIEWS = ("md", "json", "xlsx")


def add_commands(parsers: Parsers) -> None:
    """Describe `new`, `export` and `review`."""
    new = parsers.add("new", _new).add("name", "new.name", metavar="NAME")
    new.add("--hazard", "new.hazard", required=True, metavar="KIND")
    new.add("--from-xlsx", "new.from_xlsx", type=Path, metavar="FILE.xlsx")
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
    view = parsers.add("msel", _msel).add("place", "msel.place", metavar="CASE|RUN_DIR").add_json_and_quiet()
    view.add("--to", "export.to", choices=_VIEWS, default="md")
    view.add("--out", "msel.out", type=Path, metavar="FILE")


def _new(arguments: Namespace, terminal: Terminal) -> int:
    from sim.scenario.new import new_case

    file = Path(f"{arguments.name}.yaml")
    listed = None
    if arguments.from_xlsx:
        from sim.scenario.listing import as_written

        listed = as_written(arguments.from_xlsx)
    text = new_case(arguments.name, arguments.hazard, listed=listed)
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

    if arguments.run.is_file() and arguments.to == "xlsx":  # a case: its list of injects, to fill in
        return _list_of_case(arguments.run, None, terminal)
    written = export(arguments.run, arguments.to, terminal.lang)
    terminal.document({"written": [str(file) for file in written]})
    for file in written:
        terminal.note(terminal.word("written", file))
    return Exit.FINE


def _review(arguments: Namespace, terminal: Terminal) -> int:
    from sim.reviews import broken_off, review

    found = review(arguments.run, lang=terminal.lang, against=arguments.against)
    if said := broken_off(found.recorded, terminal.lang):
        terminal.note(said.lstrip("；; "))
    measures = found.measures() if arguments.accept else ""  # first: where that is refused, nothing is written
    written = []
    for to in dict.fromkeys(arguments.to or ["html"]):
        file = _target(arguments, to)
        file.write_bytes(found.render(to, brief=arguments.brief))
        written.append(file)
    if arguments.accept:
        file = _target(arguments, "yaml", "measures")
        _keep(file)
        file.write_text(measures, encoding="utf-8", newline="\n")
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


def _msel(arguments: Namespace, terminal: Terminal) -> int:
    """The master event list: of a case as it is planned, of a run as it was judged."""
    place = Path(arguments.place)
    run = place if place.is_dir() else None
    case = None if run else find(arguments.place)
    if case is not None and arguments.to == "xlsx":
        return _list_of_case(case, arguments.out, terminal)

    from sim.analysis import msel, msel_view

    if run is not None:
        from sim.runs import read_run

        recorded = read_run(run)
        events, cast = recorded.events, recorded.cast
    else:
        from sim.scenario.cast import cast_of
        from sim.scenario.compile import load_case

        assert case is not None, "either a run or a case"
        events, cast = (), cast_of(load_case(case))
    lines = msel.inject_lines(events, cast)
    objectives = msel.objective_lines(lines, cast)
    document = msel_view.document(lines, objectives)
    terminal.document(document)
    if arguments.to == "xlsx":
        from sim.sheets import write_workbook

        target = arguments.out or place / "export" / "msel.xlsx"
        target.parent.mkdir(exist_ok=True)
        terminal.note(terminal.word("written", write_workbook(target, msel_view.sheets(lines, cast, terminal.lang))))
        return Exit.FINE
    text = msel_view.markdown(lines, objectives, cast, terminal.lang, judged=run is not None)
    if arguments.to == "json":
        text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    if arguments.out is not None:
        arguments.out.write_text(text, encoding="utf-8", newline="\n")
        terminal.note(terminal.word("written", arguments.out))
    else:
        terminal.out(text.rstrip())
    return Exit.FINE


def _list_of_case(case: Path, out: Path | None, terminal: Terminal) -> int:
    """A spreadsheet to fill in: the list of a case; nothing is overwritten."""
    from sim.scenario.listing import write_list

    target = out or Path(f"{case.stem}_list.xlsx")
    if target.exists():
        terminal.complain(terminal.word("new.exists", target))
        return Exit.USAGE
    written = write_list(case, target, terminal.lang)
    terminal.document({"written": [str(written)]})
    terminal.note(terminal.word("written", written))
    return Exit.FINE

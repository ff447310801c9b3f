"""`run --vary`: the assumed numbers of a case one at a time, as a table, a picture and a document beside the run."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli.terminal import Terminal
from sim.units import HOUR, from_si

if TYPE_CHECKING:
    from sim.case import Case
    from sim.sensitivity import Bar, Sensitivity

_MOST = 16  # bars shown
_SHORT, _LEANS = 5, ("…", "The same", "the same", "In ")  # descriptions that say nothing without the one before them
FILE, PICTURE = "sensitivity.json", "tornado.png"


def vary(case: Case, outcome: str, folder: Path, terminal: Terminal, *, figures: bool) -> dict[str, Any]:
    """Vary, show, and write sensitivity.json and tornado.png into the run's folder; returns the document."""
    from sim import sensitivity

    progress = terminal.counting("run.varied")
    found = sensitivity.vary(case, progress)
    progress.done()
    if not found.complete:
        terminal.note(terminal.word("run.vary_cut"))
    document = {"outcome": outcome, **found.document()}
    text = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False)
    (folder / FILE).write_text(text + "\n", encoding="utf-8", newline="\n")
    if terminal.shows:
        _table(case, found, outcome, terminal)
    if figures:
        _picture(case, found, outcome, folder / PICTURE, terminal.lang)
    return document


def _value(outcome: str, value: float) -> float:
    return value / HOUR if outcome == "over" else value


def _name(bar: Bar, case: Case, lang: str) -> str:
    card = case.makers[bar.incident].card
    own = card.parameters[bar.parameter.name].description
    stem = bar.parameter.name.partition("_")[0]
    group = next(p.description for name, p in card.parameters.items() if name.partition("_")[0] == stem)
    text: str = own.zh if lang == "zh" else own.en
    if group is not own and (len(own.zh) <= _SHORT or own.en.startswith(_LEANS)):  # it leans on the first of its group
        text += f"（与“{group.zh}”同组）" if lang == "zh" else f" (beside “{group.en}”)"
    return (f"[{bar.incident}] " if len(case.incidents) > 1 else "") + text


def _ends(bar: Bar, lang: str) -> str:
    """The range, with the case's own value in the middle."""
    from sim.analysis.words import figure, say, unit_name

    unit = bar.parameter.unit
    low, base, high = (figure(from_si(v, unit)) for v in (bar.ends[0], bar.base, bar.ends[1]))
    ours = " " + say("tornado.guessed", lang) if bar.guessed else ""
    return f"{low} … {base} … {high}{'' if unit == '1' else ' ' + unit_name(unit, lang)}{ours}"


def _table(case: Case, found: Sensitivity, outcome: str, terminal: Terminal) -> None:
    from rich.console import Console
    from rich.table import Table

    from sim.analysis.words import figure, say

    lang = terminal.lang
    name, base = say(f"outcome.{outcome}", lang), found.base[outcome]
    bars = found.ranked(outcome)
    console = Console(file=sys.stdout, highlight=False)
    console.print(f"\n[bold cyan]{say('tornado.title', lang, case=case.name_zh if lang == 'zh' else case.name_en)}[/]")
    console.print("  " + say("tornado.base", lang, outcome=name, value=figure(_value(outcome, base))))
    if not bars:
        console.print("  " + say("tornado.none", lang, outcome=name))
        return
    table = Table.grid(padding=(0, 2, 0, 2))
    for justify in ("right", "right", "left", "left"):
        table.add_column(justify=justify)
    for bar in bars[:_MOST]:
        low, high = (figure(_value(outcome, ends[outcome])) for ends in (bar.low, bar.high))
        about = [_ends(bar, lang), bar.parameter.standing.value]
        about += [] if bar.directed(outcome, base) else [say("tornado.luck", lang)]
        table.add_row(low, high, _name(bar, case, lang), "  ".join(about))
    console.print(table)
    more, still = len(bars) - _MOST, len(found.bars) - len(bars)
    if more > 0 or still:
        console.print("  " + say("tornado.more", lang, count=max(0, more), still=still), style="dim")


def _picture(case: Case, found: Sensitivity, outcome: str, path: Path, lang: str) -> None:
    from sim.analysis import figures
    from sim.analysis.figures.tornado import Row
    from sim.analysis.words import say

    rows = [
        Row(
            _name(bar, case, lang),
            _ends(bar, lang),
            _value(outcome, bar.low[outcome]),
            _value(outcome, bar.high[outcome]),
            directed=bar.directed(outcome, found.base[outcome]),
        )
        for bar in found.ranked(outcome)[:_MOST]
    ]
    title = say("tornado.title", lang, case=case.name_zh if lang == "zh" else case.name_en)
    base = _value(outcome, found.base[outcome])
    figures.draw_tornado_to(path, title, say(f"outcome.{outcome}", lang), base, rows, lang)

"""Mistakes planted in a master event list, in a case file and in a spreadsheet: each is told where it stands, all at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.cli import chinese
from sim.doors import msel
from sim.doors.msel_columns import INJECTS
from sim.errors import InvalidInput
from sim.reader import load
from sim.scenario import compile as compiler
from sim.scenario.listing import write_list
from sim.sheets import write_workbook
from tests.mistakes.kit import HERE, planted, told
from tests.scenario.town import settle

ROOT = Path(__file__).resolve().parents[2]
openpyxl = pytest.importorskip("openpyxl")

# (what stands there, what is written instead with § where the problem is, words of the problem)
MISTAKES = [
    ("    kind: resource", "    kind: §resorce", "did you mean 'resource'?"),
    ("    objective: O1", "    objective: §O2", "no objective 'O2'", "did you mean 'O1'?"),
    ("    weight: 5", "    weight: §-5", "expected at least 0"),
    ("    weight: 5", "    weight: §many", "expected a number"),
    ("to: [甲县, CITY]", "to: [甲县, §丁县]", "there is no post '丁县'"),
    ("    channel: phone", "    channel: §pigeon", "pigeon"),
    ('    at: "+01:30"', '    at: §"25:70"', "expected an offset such as"),
    ('    at: "+01:30"', '    at: §"-01:30"', "lies before the start"),
    ('    at: "+01:30"\n    do:\n      - close_road', '    §do:\n      - close_road', "exactly one of 'at' and 'when'"),
    ("        within: 30 min", "        within: §30", "with its unit such as '90 min'"),
    ("        within: 30 min", "        within: §-30 min", "cannot be negative"),
    ("        late: 50 %", "        late: §150 %", "expected at most 1"),
    ("        by: 乙县", "        by: §丙县", "there is no post '丙县'"),
    ("done: {event: route_changed}", "done: {event: §route_change}", "did you mean 'route_changed'?"),
    ("done: {response: II,", "done: {response: §V,", "is no response level", "Ⅰ, Ⅱ, Ⅲ, Ⅳ"),
    ("done: {response: II,", "done: {§respons: II,", "did you mean 'response'?"),
    ("post: CITY, incident: F1, for: 5 min", "post: CITY, incident: §F9, for: 5 min", "there is no incident 'F9'"),
    ("        earlier: yes", "        earlier: §perhaps", "expected yes or no"),
    ("after: {inject: cut,", "after: {inject: §cat,", "there is no inject 'cat'", "did you mean 'cut'?"),
    ("after: {inject: cut,", "after: {inject: §chain,", "cannot come after itself"),
    ("wait: 20 min", "wait: §20 mn", "expected a time"),
    ("    unless: round\n", "    unless: §rund\n", "no expected action 'rund'", "did you mean 'round'?"),
    ("    if_missed: cut.2", "    if_missed: §cut.3", "no expected action 'cut.3'", "did you mean 'cut.2'?"),
    ("    if_missed: cut.2", "    §if_mised: cut.2", "did you mean 'if_missed'?"),
    ("reading: burning,", "reading: §burnin,", "there is no reading 'burnin'", "did you mean 'burning'?"),
    ("at_least: 200 m2", "at_least: §200 m3", "expected an area"),
    ("at_least: 200 m2, for", "for", "exactly one of 'at_least' and 'at_most'"),
    ("{dead: 3}", "{dead: §0}", "expected at least 1"),
    ('{clock: "06:30"}', '{clock: §"26:30 h"}', "expected an offset such as"),
    ("], at_least: 1}", "], at_least: §3}", "at least 3 of 2 can never hold"),
    ("    every: 30 min\n", "", "'every' and 'times' go together", "add 'every: …'"),
    ("    every: 30 min", "    every: §0 min", "repeated without any time between"),
    ("    times: 3", "    times: §1", "expected at least 2"),
    ("    manual: yes", "    manual: yes\n    at: +00:10", "exactly one of 'at' and 'when'", "here are at, manual"),
    ("  hand: ", "  §hnad: ", "no inject that is released by hand", "manual are: hand"),
    ("  hand: ", "  §cut: ", "no inject that is released by hand"),
    ("  - id: state", "  - id: §cut", "'cut' was already given at"),
    ("  - id: crew", "  - id: §round", "was already given at"),
    ("what: {zh: 报告, en: reports}", "§wat: {zh: 报告, en: reports}", "did you mean 'what'?"),
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with the town."""
    return settle(tmp_path, monkeypatch)


@pytest.mark.parametrize(("old", "new", "words"), [(m[0], m[1], m[2:]) for m in MISTAKES])
def test_a_planted_mistake_is_told_at_its_place(folder: Path, old: str, new: str, words: tuple[str, ...]) -> None:
    """One mistake, one problem, at its line and column where the edit has its mark."""
    if "§" not in new:  # nothing stands where it is wrong: it is told at the entry
        text = (HERE / "msel.yaml").read_text(encoding="utf-8")
        assert text.count(old) == 1
        (folder / "case.yaml").write_text(text.replace(old, new), encoding="utf-8")
        problems = compiler.check_case(folder / "case.yaml", data=folder)
        assert len(problems) == 1 and all(word in str(problems[0]) for word in words), "\n".join(map(str, problems))
        return
    text, place = planted("msel.yaml", old, new)
    (folder / "case.yaml").write_text(text, encoding="utf-8")
    problems = compiler.check_case(folder / "case.yaml", data=folder)
    if "exactly one of" in words[0]:
        place = (problems[0].line, problems[0].column)  # at the entry

    told(problems, place, words)


def test_injects_that_wait_for_each_other_are_told(folder: Path) -> None:
    """A after B after A: none is ever released."""
    text = (HERE / "msel.yaml").read_text(encoding="utf-8")
    text = text.replace(
        '    at: "+01:30"\n    do:\n      - close', "    after: {inject: chain}\n    do:\n      - close"
    )
    (folder / "case.yaml").write_text(text, encoding="utf-8")

    problems = compiler.check_case(folder / "case.yaml", data=folder)
    assert len(problems) == 2 and all("none is ever released" in p.what for p in problems)


# ── in a spreadsheet ──

CELLS = [  # (sheet, column head, row of the entry, what is written, words of the problem)
    ("主事件清单", "类型", "cut", "资元", "主事件清单!D2"),
    ("主事件清单", "目标", "cut", "O7", "no objective 'O7'", "主事件清单!E2"),
    ("主事件清单", "分值", "cut", "五", "expected a number", "!F2"),
    ("主事件清单", "接收", "cut", "甲县；丁县", "there is no post '丁县'"),
    ("主事件清单", "方式", "cut", "鸽子", "鸽子"),
    ("主事件清单", "时间", "cut", "7点40", "expected an offset such as"),
    ("主事件清单", "时间", "cut", 0.3194, "expected an offset such as"),
    ("主事件清单", "时间", "cut", "=NOW()", "a formula", "write the value itself", "!K2"),
    ("主事件清单", "时间", "chain", "07:40", "exactly one of 'at' and 'when'"),
    ("主事件清单", "条件", "state", "event arrived", "!M"),
    ("主事件清单", "条件", "state", "event: arived", "did you mean 'arrived'?", "!M"),
    ("主事件清单", "条件", "state", "{event: arrived", "not closed"),
    ("主事件清单", "接续于", "chain", "cat", "there is no inject 'cat'"),
    ("主事件清单", "间隔", "chain", "20", "with its unit"),
    ("主事件清单", "未做则发", "push", "nobody", "no expected action 'nobody'"),
    ("主事件清单", "人工", "hand", "也许", "expected yes or no"),
    ("主事件清单", "已做则不发", "chain", "rund", "did you mean 'round'?"),
    ("主事件清单", "次数", "again", "三", "expected a whole number"),
    ("主事件清单", "动作", "cut", "close_raod: R1", "did you mean 'close_road'?", "!W2"),
    ("主事件清单", "动作", "cut", "close_road: R99", "!W2", "R99"),
    ("主事件清单", "编号", "hand", "cut", "was already given at", "主事件清单!A2"),
    ("主事件清单", "编号", "hand", "a/b", "cannot be a name here"),
    ("主事件清单", "编号", "hand", "\u202eab", "an invisible character"),
    ("期望处置", "注入编号", "round", "cot", "there is no inject 'cot'", "did you mean 'cut'?", "期望处置!A2"),
    ("期望处置", "完成标志", "round", "event: route_change", "did you mean 'route_changed'?", "期望处置!F2"),
    ("期望处置", "时限", "round", "半小时", "expected a time", "期望处置!G2"),
    ("期望处置", "迟做得分", "round", "150 %", "expected at most 1"),
    ("演练目标", "编号", "O1", "a b", "cannot be a name here", "演练目标!A2"),
]  # fmt: skip


def listed(folder: Path) -> Path:
    """The good list as a spreadsheet beside a case that names it."""
    doc = load(HERE / "msel.yaml")
    write_workbook(folder / "list.xlsx", msel.sheets(doc.data, "zh", lambda at: at))
    text = (HERE / "msel.yaml").read_text(encoding="utf-8")
    before, rest = text[: text.index("objectives:")], text[text.index("releases:") :]
    (folder / "case.yaml").write_text(f"{before}injects: {{file: list.xlsx}}\n{rest}", encoding="utf-8")
    return folder / "list.xlsx"


def change(file: Path, sheet: str, head: str, entry: str, value: object) -> None:
    """Writes into the cell under that head, in the row in which that entry stands."""
    book = openpyxl.load_workbook(file)
    table = book[sheet]
    column = next(c.column for c in table[1] if c.value == head)
    row = next(r[0].row for r in table.iter_rows(min_row=2) if entry in (r[0].value, r[1].value))
    table.cell(row, column).value = value
    book.save(file)


def test_the_good_list_has_no_problem_and_is_the_same_case(folder: Path) -> None:
    """Out and in again: the same injects, expected actions and objectives; the digest of the case does not change."""
    listed(folder)
    (folder / "plain.yaml").write_text((HERE / "msel.yaml").read_text(encoding="utf-8"), encoding="utf-8")

    one, other = (compiler.load_case(folder / f"{name}.yaml", data=folder) for name in ("case", "plain"))
    assert (one.injects, one.expectations, one.objectives) == (other.injects, other.expectations, other.objectives)
    assert one.digest == other.digest and set(one.files) - set(other.files) == {"case.yaml", "list.xlsx"}


@pytest.mark.parametrize(("sheet", "head", "entry", "value", "words"), [(*c[:4], c[4:]) for c in CELLS])
def test_a_mistake_in_a_cell_is_told_with_its_cell(
    folder: Path, sheet: str, head: str, entry: str, value: object, words: tuple[str, ...]
) -> None:
    """`list.xlsx:sheet!cell: what is wrong; what would be right`."""
    change(listed(folder), sheet, head, entry, value)

    problems = compiler.check_case(folder / "case.yaml", data=folder)
    text = "\n".join(map(str, problems))
    assert problems and all(p.file in ("list.xlsx", (folder / "case.yaml").as_posix()) for p in problems), text
    assert any(f"list.xlsx:{sheet}!" in str(p) for p in problems), text
    assert all(word in text for word in words), text


@pytest.mark.parametrize("how", ["check", "run"])
def test_a_cell_that_cannot_be_read_hides_no_other_mistake(folder: Path, how: str) -> None:
    """An expected action of no inject, a wrong word and a wrong time: three cells, and what names that action is right."""
    file = listed(folder)
    for sheet, head, entry, value in (
        ("期望处置", "注入编号", "round", "cot"), ("主事件清单", "分值", "cut", "五"), ("期望处置", "时限", "round", "半小时"),
    ):  # fmt: skip
        change(file, sheet, head, entry, value)
    if how == "check":
        problems = compiler.check_case(folder / "case.yaml", data=folder)
    else:
        with pytest.raises(InvalidInput) as refused:
            compiler.load_case(folder / "case.yaml", data=folder)
        problems = list(refused.value.problems)

    assert {str(p).partition(": ")[0].partition("!")[2][:1] for p in problems} == {"A", "F", "G"}, problems
    assert len(problems) == 3, problems


def test_all_mistakes_of_a_list_are_told_at_once(folder: Path) -> None:
    """Three in three sheets."""
    file = listed(folder)
    for sheet, head, entry, value in (
        ("主事件清单", "分值", "cut", "五"), ("期望处置", "时限", "round", "半小时"), ("演练目标", "谁", "O1", None),
    ):  # fmt: skip
        change(file, sheet, head, entry, value)

    assert len(compiler.check_case(folder / "case.yaml", data=folder)) >= 2


@pytest.mark.parametrize(
    ("injects", "words"),
    [
        ("{file: lists.xlsx}", "did you mean 'list.xlsx'?"), ("{file: ../list.xlsx}", "name a file in the same folder"),
        ("{file: list.xls}", "ends in .xlsx"), ("{file: list.xlsx, other: 1}", "stands alone"), ("{fil: list.xlsx}", "unknown key"),
        ("{file: [a]}", "expected text"),
    ],
)  # fmt: skip
def test_a_wrong_name_of_the_list_is_told(folder: Path, injects: str, words: str) -> None:
    """Where the case names it."""
    listed(folder)
    text = (folder / "case.yaml").read_text(encoding="utf-8").replace("{file: list.xlsx}", injects)
    (folder / "case.yaml").write_text(text, encoding="utf-8")

    assert words in "\n".join(map(str, compiler.check_case(folder / "case.yaml", data=folder)))


def test_columns_may_stand_in_any_order_and_unknown_ones_are_told(folder: Path) -> None:
    """A head that is misspelt gets the nearest."""
    book = openpyxl.load_workbook(listed(folder))
    table = book["主事件清单"]
    heads = [cell.value for cell in table[1]]
    assert heads == [head.zh for head in INJECTS]
    table.cell(1, 2).value = "标 题 x"
    book.save(folder / "list.xlsx")

    with pytest.raises(InvalidInput, match=r"list.xlsx:主事件清单!B1: unknown column '标 题 x'; did you mean '标题'\?"):
        compiler.load_case(folder / "case.yaml", data=folder)


@pytest.mark.parametrize(
    ("at", "clock", "comes", "says"),
    [
        (None, "06:45", 25 * 60.0, ""),
        ("07:30", "07:30", 70 * 60.0, ""),
        ("07:30", "06:45", None, "时钟一栏"),
        ("00:30", None, 65400.0, ""),
    ],
)
def test_the_clock_counts_where_no_time_is_written(
    tmp_path: Path, at: str, clock: str, comes: float | None, says: str
) -> None:
    """A trainer fills in the clock alone: it comes then. Two times that differ are a mistake; after midnight is the next day."""
    write_list(ROOT / "scenarios" / "drills" / "shizong_tabletop.yaml", tmp_path / "list.xlsx", "zh")
    book = openpyxl.load_workbook(tmp_path / "list.xlsx")
    sheet = book.worksheets[0]
    column = {cell.value: cell.column for cell in sheet[1]}
    sheet.cell(2, column["时间"]).value, sheet.cell(2, column["时钟"]).value = at, clock
    book.save(tmp_path / "list.xlsx")

    try:
        first = msel.read_list(tmp_path / "list.xlsx", "list.xlsx").data["injects"][0]
    except InvalidInput as told_:
        assert comes is None and says in chinese.problem(told_.problems[0]) and "主事件清单!L2" in str(told_)
    else:
        assert comes is not None and first["at"] in (at, clock)

"""The columns of a master event list as a spreadsheet (主事件清单): their heads in both languages, and what they mean."""

from __future__ import annotations

from dataclasses import dataclass

from sim.doors.injects import CHANNELS, KINDS

YES_NO = {"yes": "是", "no": "否"}


@dataclass(frozen=True)
class Head:
    """A column: its key in the drill file (`title.zh`: a part of it), its heads, what it means, the words it takes."""

    key: str
    zh: str
    en: str
    note_zh: str
    note_en: str
    width: float = 14.0
    words: tuple[tuple[str, str], ...] = ()  # (name, 中文)
    shown_only: bool = False
    condition: bool = False  # holds `key: value, …`, as between the braces of the drill file

    def head(self, lang: str) -> str:
        """What stands at its top."""
        return self.zh if lang == "zh" else self.en


_CONDITION_ZH = (
    "写法同演练文件花括号内，如 event: arrived, incident: F1；reading: …, at_least: …, for: 20 min；"
    "response: II；dead: 3；any: [{…}, {…}]"
)
_CONDITION_EN = (
    "as between braces in a drill file: event: arrived, incident: F1 · reading: …, at_least: …, for: 20 min · response: II · "
    "dead: 3 · any: [{…}, {…}]"
)

INJECTS: tuple[Head, ...] = (
    Head("id", "编号", "Id", "每条注入一行，编号不重复；字母、数字、-、_", "one row an inject; letters, digits, -, _", 12),
    Head("title.zh", "标题", "Title (zh)", "一句话", "one sentence", 28),
    Head("title.en", "标题（英文）", "Title", "不写则与中文相同", "the Chinese one if not given", 28),
    Head("kind", "类型", "Kind", "考验什么", "what it tries", 10, tuple(KINDS.items())),
    Head("objective", "目标", "Objective", "“演练目标”表中的编号", "an id of the sheet of objectives", 8),
    Head("weight", "分值", "Points", "其期望处置共得多少分", "what its expected actions earn together", 8),
    Head("from.zh", "发出", "From (zh)", "导调员扮演谁", "whom the controller plays", 16),
    Head("from.en", "发出（英文）", "From", "不写则与中文相同", "the Chinese one if not given", 16),
    Head("to", "接收", "To", "哪些指挥机构或单位，用分号隔开", "posts or units, with semicolons between", 18),
    Head("channel", "方式", "Channel", "以何种方式", "by which means", 10, tuple(CHANNELS.items())),
    Head("at", "时间", "Time", "时刻如 07:40，或开始后如 +05:00；时间、条件、接续于、未做则发、人工五者取一",
         "a time of day as 07:40, or since the start as +05:00; one of time, condition, after, if missed, by hand", 11),
    Head("clock", "时钟", "Clock", "由时间算出，供阅读；五者都不写时按它下达",
         "calculated from the time, to be read; where none of the five is given, it counts", 14, shown_only=True),
    Head("when", "条件", "Condition", _CONDITION_ZH, _CONDITION_EN, 30, condition=True),
    Head("after.inject", "接续于", "After", "另一条注入的编号", "the id of another inject", 12),
    Head("after.wait", "间隔", "Wait", "接续于其后多久，如 20 min", "how long after it, as 20 min", 9),
    Head("if_missed", "未做则发", "If missed", "某期望处置到时未完成才释放：其编号",
         "released when the time of this expected action ran out without it", 14),
    Head("manual", "人工", "By hand", "只由导调员释放", "released only by the director", 7, tuple(YES_NO.items())),
    Head("unless", "已做则不发", "Unless", "某期望处置已完成则不再释放：其编号，或一个条件",
         "withheld if this expected action was done by then: its id, or a condition", 16, condition=True),
    Head("every", "重复间隔", "Every", "每隔多久再释放一次", "released again so often", 9),
    Head("times", "次数", "Times", "共释放几次", "how many times in all", 7),
    Head("tell.zh", "内容", "Text (zh)", "告诉演练人员的话", "what the players are told", 40),
    Head("tell.en", "内容（英文）", "Text", "不写则与中文相同", "the Chinese one if not given", 40),
    Head("do", "动作", "Actions", "一行一个，如 close_road: R0301, known_after: 10 min；写法同演练文件",
         "one a line, as close_road: R0301, known_after: 10 min; as in a drill file", 40, condition=True),
)  # fmt: skip

EXPECTED: tuple[Head, ...] = (
    Head("inject", "注入编号", "Inject", "哪条注入之后", "after which inject", 12),
    Head("id", "编号", "Id", "不写则为 注入编号.序号", "the inject's with a number if not given", 14),
    Head("title.zh", "期望处置", "Expected action (zh)", "谁应做什么", "who should do what", 40),
    Head("title.en", "期望处置（英文）", "Expected action", "不写则与中文相同", "the Chinese one if not given", 40),
    Head("by", "责任单位", "By", "由谁完成", "of whom it is expected", 16),
    Head("done", "完成标志", "Done", _CONDITION_ZH, _CONDITION_EN, 40, condition=True),
    Head("within", "时限", "Within", "自释放起，如 30 min", "from the release, as 30 min", 10),
    Head("earlier", "提前也算", "Earlier", "释放前已做到也算", "also counts if done before the release", 9, tuple(YES_NO.items())),
    Head("late", "迟做得分", "Late", "超时完成得几成，如 50 %", "the share of the points when late, as 50 %", 9),
)  # fmt: skip

OBJECTIVES: tuple[Head, ...] = (
    Head("id", "编号", "Id", "如 O1", "as O1", 8),
    Head("who.zh", "谁", "Who (zh)", "谁", "who", 20),
    Head("who.en", "谁（英文）", "Who", "不写则与中文相同", "the Chinese one if not given", 20),
    Head("what.zh", "做什么", "Does what (zh)", "做什么", "does what", 36),
    Head("what.en", "做什么（英文）", "Does what", "不写则与中文相同", "the Chinese one if not given", 36),
    Head("condition.zh", "在何条件下", "Condition (zh)", "在何条件下", "under which condition", 30),
    Head("condition.en", "在何条件下（英文）", "Condition", "不写则与中文相同", "the Chinese one if not given", 30),
    Head("standard.zh", "到何标准", "Standard (zh)", "到何标准", "to what standard", 30),
    Head("standard.en", "到何标准（英文）", "Standard", "不写则与中文相同", "the Chinese one if not given", 30),
)  # fmt: skip

SHEETS: dict[str, tuple[str, str, tuple[Head, ...]]] = {
    "injects": ("主事件清单", "Events", INJECTS),
    "expects": ("期望处置", "Expected", EXPECTED),
    "objectives": ("演练目标", "Objectives", OBJECTIVES),
}
EXPLAINED = ("说明", "Words")  # the sheet that is not read

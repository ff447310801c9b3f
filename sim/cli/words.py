"""What the command line says, in Chinese and English; `{0}` … stand for what it speaks of."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "program": (
        "联动：城市应急联动的事件驱动仿真。不带参数时运行旗舰演练。",
        "Liandong: an event-driven simulator of a city's emergency linkage. Without arguments it runs the flagship drill.",
    ),
    "exit_codes": (
        "退出码：0 正常 · 1 已运行，有目标未达到 · 2 用法 · 3 输入有误 · 4 运行失败 · 130 中断",
        "Exit codes: 0 fine · 1 ran, a target was missed · 2 usage · 3 invalid input · 4 the run failed · 130 interrupted",
    ),
    "commands": ("命令", "commands"),
    "arguments": ("参数", "arguments"),
    "options": ("选项", "options"),
    "option.help": ("显示本帮助", "show this help"),
    "option.version": ("显示版本", "show the version"),
    "option.lang": ("语言，默认随系统", "language; the system's if not given"),
    "option.debug": ("程序内部出错时显示回溯", "show the traceback of an internal error"),
    "option.json": (
        "在标准输出打印一个 JSON 文档，别无其他",
        "print one JSON document on stdout and nothing else there",
    ),
    "option.quiet": ("只报告错误", "report mistakes only"),
    # run
    "run": ("运行案例或演练，打印简报，写入运行文件夹", "run a case or drill, print the brief, write a run folder"),
    "run.case": (
        "案例文件，或随附案例的名称；默认旗舰演练",
        "a case file, or the name of a shipped case; the flagship if none",
    ),
    "run.strategy": ("派遣策略（见 list strategies）", "the dispatch strategy (see list strategies)"),
    "run.seed": ("随机种子", "the seed of all luck"),
    "run.settings": (
        "改写案例中的一项，如 incidents[0].scope.people=12；可重复",
        "change one entry of the case, e.g. incidents[0].scope.people=12; may be repeated",
    ),
    "run.measures": (
        "采纳的整改措施（review --accept 写出的 measures.yaml），本次按其运行",
        "accepted measures (the measures.yaml of review --accept) that this run goes by",
    ),
    "run.release": (
        "导调员在此时释放一个人工注入，如 press=+02:00 或 press=07:40；可重复",
        "the director releases a manual inject then, e.g. press=+02:00 or press=07:40; may be repeated",
    ),
    "run.out": (
        "运行文件夹，默认 runs/名称；同名的旧运行被替换",
        "the run folder, runs/NAME if not given; an older run there is replaced",
    ),
    "run.no_figures": ("不画图", "draw no figures"),
    "run.vary": (
        "逐项改变未核实的模型参数（低、高各一次），给出龙卷风图；可指明看哪一项：dead 死亡，over 历时，people 出动人数",
        "vary the assumed numbers of the model one at a time and draw a tornado; for which outcome: dead, over (time), people",
    ),
    "run.varied": ("已运行 {0} / {1} 次  每秒 {2:.1f}  剩余 {3}", "{0} of {1} runs  {2:.1f} a second  {3} left"),
    "run.vary_cut": ("已中断：以下只含已完成的参数。", "Interrupted: what follows holds the numbers that were done."),
    "run.interrupted": (
        "已中断：{0} 不完整，其中的日志可读。",
        "Interrupted: {0} is incomplete; its journal is readable.",
    ),
    "run.folder": ("运行文件夹：{0}", "run folder: {0}"),
    "run.progress": ("{0}  事件 {1:,}  每秒 {2:,.0f}", "{0}  {1:,} events  {2:,.0f} a second"),
    # verify
    "verify": (
        "核对一次运行：输入、规律，再重跑一次，停在第一个不同的事件",
        "check a run: inputs, laws, then run it again and stop at the first event that differs",
    ),
    "run_folder": ("运行文件夹", "a run folder"),
    "verify.changed": ("以下输入已不是那次运行时的：\n{0}", "these inputs are not what they were for this run:\n{0}"),
    "verify.version": ("注意：{0} 当时为 {1}，现为 {2}", "note: {0} was {1}, now it is {2}"),
    "verify.same": (
        "一致：{0:,} 个事件逐字节相同，规律全部成立。",
        "Verified: {0:,} events, the same byte by byte; every law holds.",
    ),
    "verify.altered": (
        "{0} 已被改动：与日志和案例不符",
        "{0} was altered: it is not what the journal and the case make it",
    ),
    "verify.differs": ("第 {0} 行的事件不同：", "the event of line {0} differs:"),
    "verify.recorded": ("记录：", "recorded:"),
    "verify.again": ("重跑：", "again:"),
    "verify.fields": ("不同之处：", "they differ in:"),
    "verify.over": ("（已结束）", "(had ended)"),
    # check
    "check": (
        "检查案例、演练、城市、参数文件或其文件夹，一次列出全部问题",
        "check cases, drills, cities, parameter files or folders of them; all problems at once",
    ),
    "check.paths": ("文件或文件夹", "files or folders"),
    "check.fine": ("已检查 {0} 项，没有问题。", "checked: {0}, no problems"),
    "check.advice": ("以下为建议，不妨碍推演：", "advice, for which no run stops:"),
    "check.found": ("问题共 {0} 个。", "problems: {0}"),
    # list
    "list": (
        "列出可用的模型、策略、预案、队伍、能力、指标、参数或案例",
        "list hazards, strategies, plans, teams, capabilities, measures, numbers or cases",
    ),
    "list.what": ("列出什么", "what to list"),
    "list.city": ("只列这个城市（队伍、预案）", "of this city only (teams, plans)"),
    # schema
    "schema": (
        "打印某类文件的 JSON Schema，供编辑器和表单使用",
        "print the JSON Schema of a kind of file, for editors and forms",
    ),
    "schema.what": ("哪一类，默认 case", "which kind; case if not given"),
    # new
    "new": ("写一个带注释的案例文件作为起点", "write a commented case file to start from"),
    "new.name": (
        "案例名；写入当前文件夹的 名称.yaml，不覆盖",
        "name of the case; writes NAME.yaml here, overwrites nothing",
    ),
    "new.hazard": ("事故模型（见 list hazards）", "the accident model (see list hazards)"),
    "new.exists": (
        "{0} 已存在，未改动；请换一个名称",
        "{0} is already there and was left as it is; choose another name",
    ),
    # export
    "export": ("把一次运行导出为表格或地图数据", "export a run as tables or map data"),
    "export.to": ("格式", "the format"),
    "new.from_xlsx": (
        "主事件清单表格：其中的目标、注入与期望处置写进案例",
        "a master event list in a spreadsheet: its objectives, injects and expected actions go into the case",
    ),
    # msel
    "msel": (
        "主事件清单：案例的计划，或一次运行的逐条评价；--to xlsx 得到可填写的表格",
        "the master event list: of a case as planned, of a run as judged; --to xlsx gives a spreadsheet to fill in",
    ),
    "msel.place": ("案例文件或名称，或运行文件夹", "a case file or name, or a run folder"),
    "msel.out": ("写入的文件；不写则打印", "the file to write; printed if none"),
    "written": ("已写入 {0}", "{0} written"),
    # review
    "review": ("写出一次运行的复盘评估报告", "write the after-action review of a run"),
    "review.to": ("格式，默认 html；可重复", "the form, html if not given; may be repeated"),
    "review.brief": ("只写呈市长的一页简报", "only the page for the mayor"),
    "review.against": (
        "对照这次运行的问题与（若有 measures.yaml）采纳的措施",
        "look for the findings of this earlier run, or those whose measures its measures.yaml accepts",
    ),
    "review.accept": (
        "在报告旁写出 measures.yaml，供 run --measures 使用",
        "write measures.yaml beside the review, for run --measures",
    ),
    "review.out": (
        "文件或文件夹；默认写在运行文件夹内 review.*",
        "a file or a folder; review.* in the run folder if not given",
    ),
    # mistakes
    "mistake.usage": ("用法：{0}", "usage: {0}"),
    "mistake.input": ("{0}", "{0}"),
    "mistake.language": ("LIANDONG_LANG 为“{0}”；可用的语言：{1}", "LIANDONG_LANG is '{0}'; the languages are {1}"),
    "mistake.run": ("运行失败：{0}", "the run failed: {0}"),
    "mistake.files": ("文件无法读写：{0}", "a file cannot be read or written: {0}"),
    "mistake.interrupted": ("已中断。", "Interrupted."),
    "mistake.crash": ("程序内部出错（{0}）；报告在 {1}", "an internal error ({0}); the report is in {1}"),
}

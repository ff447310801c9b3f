"""Makes the papers that hold measured figures: what the platform buys (platform.md), what accepted measures bring (redrill.md).

python docs/measured.py             both (about four minutes)
python docs/measured.py platform    platform.md alone
python docs/measured.py redrill     redrill.md alone
"""

# ruff: noqa: E501 - a sentence of a paper stands on one line, as it is written
from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import fmean
from tempfile import TemporaryDirectory

from sim.domain import events as ev
from sim.redrill import Redrill, redrill
from sim.reviews import review
from sim.runs import Run, run
from sim.scenario.compile import load_case

HERE = Path(__file__).parent
DRILLS = HERE.parent / "scenarios" / "drills"
STATES = {"on": "接入 on", "off": "未建 off", "degraded": "降级 degraded"}
REPLICATIONS = 8
SEEDS = range(1, 31)
REDRILLED = ("fuyuan_inrush", "shizong_concealed_outburst")

Is = Callable[[ev.Event], bool]
MOMENTS: dict[str, Is] = {
    "县级接报 the county has the report": lambda e: isinstance(e, ev.ReportReceived),
    "首支力量到场 first crew on the spot": lambda e: isinstance(e, ev.Arrived),
    "市级启动预案 the city activates its plan": lambda e: isinstance(e, ev.PlanActivated) and e.post == "CITY",
    "指挥部运转 the command meets": lambda e: isinstance(e, ev.CommandFormed),
    "首次会商结束 first consultation ends": lambda e: isinstance(e, ev.Consulted),
    "首次权威发布 first notice to the public": lambda e: isinstance(e, ev.Published),
}


# ── the platform ──


def platform() -> Iterator[str]:
    """platform.md, line by line."""
    runs = {
        state: [run(load_case(DRILLS / "fuyuan_inrush.yaml", settings=(f"platform={state}",), replication=n)) for n in range(REPLICATIONS)]
        for state in STATES
    }  # fmt: skip
    yield "# 指挥平台值多少 · What the command platform buys\n"
    yield "由 `python docs/measured.py platform` 生成。旗舰演练 `fuyuan_inrush`，同样的运气各跑 "
    yield f"{REPLICATIONS} 次（`--set platform=on|off|degraded`），自事发起的分钟数，取平均。"
    yield f"Made by `python docs/measured.py platform`: the flagship, {REPLICATIONS} times each with the same luck; minutes after the inrush, means.\n"
    yield f"| | {' | '.join(STATES.values())} |\n|---|{'---:|' * len(STATES)}"
    for name, of in MOMENTS.items():
        yield f"| {name} | {' | '.join(f'{fmean(_first(r, of) for r in runs[s]):.0f}' for s in STATES)} |"
    for name, counted in (("超时与未做的责任 duties late or missed", _late), ("死亡 deaths", _dead)):
        yield f"| {name} | {' | '.join(f'{fmean(counted(r) for r in runs[s]):.1f}' for s in STATES)} |"
    yield ""
    yield "每一次推演中上述时刻都满足 接入 ≤ 未建 ≤ 降级（`tests/whole/test_closed_loops.py` 逐次检验）。"
    yield "In every single run each moment comes in the order on ≤ off ≤ degraded (tested run by run).\n"
    yield "**读法 How to read it.** 平台省的是指挥机构自己的时间：会商（视频召集）和启动最明显，首支力量由县级接报后直接调派，"
    yield "与平台无关；降级（断电断网、靠电台和专人）才拖慢接报和到场。死亡不变：被困人员的命运由水、空气和救护队决定，不由通知方式决定。"
    yield "The platform saves the headquarters' own time: consultation, called by video, and activation most. The first crew is sent by the county on the first"
    yield "report, platform or not; only degradation (power, network and radio lost) slows the report and the crew. Deaths do not change: water, air"
    yield "and squads decide, not how offices are told. One drill, and our assumed latencies (`models/response/headquarters.yaml`,"
    yield "`models/reporting/*.yaml`, standing config): the direction is the finding, not the minutes.\n"


def _first(made: Run, of: Is) -> float:
    return next(e.t for e in made.events if of(e) and getattr(e, "incident", "") == "F1") / 60.0


def _late(made: Run) -> float:
    from sim.analysis.duties import ledger, tally

    outcomes = tally(ledger(made.events, made.cast))
    return float(outcomes["late"] + outcomes["missed"])


def _dead(made: Run) -> float:
    return float(made.summary["casualties"]["value"]["dead"]["total"])


# ── re-drill ──


def redrilled() -> Iterator[str]:
    """redrill.md, line by line."""
    yield "# 再演练：整改有没有用 · Re-drill: did the measures help?\n"
    yield "由 `python docs/measured.py redrill` 生成。一次走运不算数：按案例自己的种子演练一次，复盘，原样采纳全部措施"
    yield "（`review RUN --accept`），再用三十个种子各跑两次——采纳前、采纳后，同样的运气——比较评分卡得分（百分制）。"
    yield "Made by `python docs/measured.py redrill`. One lucky run proves nothing: a drill is run with its own seed, reviewed, all measures accepted as"
    yield "they stand, then run again under thirty seeds, without and with them, with the same luck.\n"
    yield "```\npython run_sim.py run fuyuan_inrush --out first            # 演练 the drill"
    yield "python run_sim.py review first --accept                    # 复盘，写出 first/measures.yaml the review and its measures"
    yield "python run_sim.py run fuyuan_inrush --measures first/measures.yaml --out second"
    yield "python run_sim.py review second --against first            # 逐条回看 what became of each\n"
    yield "python - <<'E'                                             # 三十个种子 thirty seeds"
    yield "from sim.redrill import redrill"
    yield 'r = redrill("scenarios/drills/fuyuan_inrush.yaml", "first/measures.yaml", range(1, 31))'
    yield "print(r.gain, r.interval(0.95))\nE\n```\n"
    for name in REDRILLED:
        yield from _of_drill(name)
    yield "## 怎么读 · How to read it\n"
    yield "- 区间是配对差均值的 95 % 自助法区间（对种子重抽样一万次），只说这一个案例。 The interval is that of the mean paired difference (bootstrap"
    yield "  over seeds) and speaks of this case only."
    yield "- “可执行”的措施改的是数据：值班、配齐人手、提前通知；“只记录”的交给人去办，模型里没有人因此改变，所以没有效果——这不说明措施无用，只说明"
    yield "  推演不能替它作证。 Measures that change data act in the run; those that are only recorded ask something of people, nobody in the model changes by"
    yield "  them, and so they do nothing here: the drill cannot speak for them."
    yield "- 死亡多半不变：县级首批力量本来就由第一份报告调出；增加车组、前置驻防只在救治排队或路远的种子里有用。 Deaths hardly change: the first crews are"
    yield "  sent on the first report anyway; more crews and stations further forward help only under seeds in which people waited for them."
    yield "- 照旧的可执行措施，多半是换了种子后最长的一步不再是它所治的那一步（例如滑坡的“设立现场指挥部”常在等首支力量到场）。 A measure that acts and"
    yield "  changes nothing mostly meets a seed under which another step took longest."
    yield "- 由推演设定的问题（迟报、谎报）不会因整改而消失：案例照样这样设定，表中如实列为“照旧”。 What the drill sets itself (late, false reports) stays as it"
    yield "  is: the case has it so."
    yield "- “加快”的措施按上次的超时折算（`models/rules/review.yaml` 的 staffed、fastest），换一个种子可能不够。 How much faster was worked out from"
    yield "  one run's lateness; under another seed it may not be enough.\n"


def _of_drill(name: str) -> Iterator[str]:
    file = DRILLS / f"{name}.yaml"
    with TemporaryDirectory() as folder:
        first = run(file, Path(folder, "first")).folder
        assert first is not None, "a run with a folder has one"
        accepted = Path(folder, "measures.yaml")
        accepted.write_text(review(first).measures(), encoding="utf-8")
        found = redrill(file, accepted, SEEDS)
    low, high = found.interval()
    gains = [t.gain for t in found.trials]
    yield f"## {load_case(file).name_zh} · `{name}`\n"
    yield "| | 采纳前 before | 采纳后 after | 差 difference |\n|---|---:|---:|---:|"
    yield (
        f"| 得分 score（均值 mean） | {fmean(t.score[0] for t in found.trials):.2f} | {fmean(t.score[1] for t in found.trials):.2f} | "
        + (f"**{found.gain:+.2f}**（95 %：{low:+.2f} … {high:+.2f}） |")
    )
    for title, key in (("超时与未做 late or missed", "late"), ("死亡 deaths", "dead")):
        before, after = (fmean(getattr(t, key)[i] for t in found.trials) for i in (0, 1))
        yield f"| {title}（均值 mean） | {before:.2f} | {after:.2f} | {after - before:+.2f} |"
    better, worse = sum(g > 0 for g in gains), sum(g < 0 for g in gains)
    yield f"\n{len(gains)} 个种子：更好 better {better}，不变 the same {len(gains) - better - worse}，更差 worse {worse}。\n"
    yield from _effects(found)


def _effects(found: Redrill) -> Iterator[str]:
    yield "| 措施 measure | 执行 acts | 原有问题的种子 seeds with the problem | 消除 gone | 减轻 smaller | 照旧 as before | 加重 larger | 未检验 untested |"
    yield "|---|---|---:|---:|---:|---:|---:|---:|"
    for e in found.effects:
        acts = "可执行 data" if e.measure.changes else "只记录 recorded"
        text = f"{e.measure.text.zh}<br>{e.measure.text.en}" if e.measure.text else e.measure.id
        yield f"| {text} (`{e.measure.id}`) | {acts} | {e.found} | {e.gone} | {e.smaller} | {e.as_before} | {e.larger} | {e.untested} |"
    yield ""


PAPERS: dict[str, Callable[[], Iterator[str]]] = {"platform": platform, "redrill": redrilled}


def main(words: list[str]) -> int:
    """Write what is asked for."""
    for name in words or list(PAPERS):
        (HERE / f"{name}.md").write_text("\n".join(PAPERS[name]()) + "\n", encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

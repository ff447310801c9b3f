"""Makes the papers that follow from the program: which plan has which accident (coverage.md), and the gallery.

    python docs/make.py             coverage.md and gallery/ (about two minutes)
    python docs/make.py coverage    coverage.md alone

Every picture of the gallery is one shipped case, run twice with the same luck: with its own strategy, and with nobody sent.
What might follow the accident is left out, so that the picture shows the model itself.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from sim import catalog
from sim.analysis import figures
from sim.doors.case import CaseFile
from sim.reader import load
from sim.runs import run
from sim.scenario.compile import load_case

HERE = Path(__file__).parent
ROOT = HERE.parent
SCENARIOS = ROOT / "scenarios"
ALONE = ("cascades=no",)


def cases() -> dict[str, list[Path]]:
    """The shipped cases and drills by the nature of their first accident, in order of their names."""
    found: dict[str, list[Path]] = {}
    for folder in ("cases", "drills"):
        for file in sorted((SCENARIOS / folder).glob("*.yaml")):
            data = load(file).data
            if isinstance(data, dict) and "incidents" in data:
                entry = data["incidents"][0]
                nature = str(entry.get("nature") or entry.get("性质"))
                found.setdefault(nature, []).append(file)
    return found


def coverage() -> str:
    """coverage.md: the four classes, the special plans, the accidents that are about each, and cases to run."""
    plans, classes = catalog.plans()
    natures: dict[str, list[str]] = {}
    for plugin in catalog.hazards().values():
        for plan in plugin.card.plans:
            natures.setdefault(plan, []).append(plugin.name)
    shipped = cases()
    lines = [
        "# 预案与事故模型对照 · Which plan has which accident", "",
        "由 `python docs/make.py coverage` 生成。预案清单为参考配置（四大类、22 个专项预案）。",
        "Made by `python docs/make.py coverage`. The list of plans (four classes, 22 special plans) is a reference configuration.",
        "",
        "| 类别 class | 专项预案 special plan | 事故模型 accident models | 案例 cases |", "|---|---|---|---|",
    ]  # fmt: skip
    for key, plan in plans.items():
        about = natures.get(key, [])
        titles = "<br>".join(f"`{n}` {catalog.hazard(n).card.title}" for n in about)
        files = "<br>".join(f"`{f.stem}`" for n in about for f in shipped.get(n, []))
        kind = classes[plan.legal_class]
        lines.append(f"| {kind} | {key} {plan} | {titles or '–'} | {files or '–'} |")
    return "\n".join(lines) + "\n"


def gallery() -> Iterator[str]:
    """gallery/README.md, line by line; draws the pictures on the way."""
    yield "# 事故模型图册 · Gallery of accidents\n"
    yield "由 `python docs/make.py` 生成：每种事故一个随附案例，同样的运气跑两次——按案例的调派策略，以及无人响应；不含衍生事件。"
    yield "Made by `python docs/make.py`: one shipped case of each accident, run twice with the same luck – with its own strategy"
    yield "and with nobody sent; what might follow it is left out. Deaths are those of this one run; another seed differs.\n"
    shipped = cases()
    for name, plugin in catalog.hazards().items():
        files = shipped.get(name, [])
        if not files:
            continue
        card, file = plugin.card, files[0]
        both = [run(load_case(file, strategy=s, settings=ALONE)) for s in (None, "no_response")]
        key = load(file).as_(CaseFile).incidents[0].id
        picture = HERE / "gallery" / f"{name}.png"
        figures.draw_pair_to(picture, both[0].events, both[1].events, both[0].cast, key, "zh")
        dead = [r.summary["casualties"]["value"]["dead"]["total"] for r in both]
        yield f"## {card.title}  (`{name}`)\n"
        yield f"{card.description.zh} {card.description.en}\n"
        yield (
            f"案例 case `{file.stem}` · 死亡 deaths: 有响应 with a response **{dead[0]}**，无响应 without **{dead[1]}** · "
            f"预案 plans: {', '.join(card.plans) or '–'}\n"
        )
        yield f"![{name}]({name}.png)\n"
        print(f"{name:20} {file.stem:32} {dead}", file=sys.stderr)


def main(words: list[str]) -> int:
    """Write what is asked for."""
    (HERE / "coverage.md").write_text(coverage(), encoding="utf-8", newline="\n")
    if words != ["coverage"]:
        (HERE / "gallery").mkdir(exist_ok=True)
        text = "\n".join(gallery())
        (HERE / "gallery" / "README.md").write_text(text + "\n", encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Accept: the measures of a review as a file that the next run can be given (`run CASE --measures FILE`)."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sim.analysis.review.blocks import Finding, Measure

FILE = "measures.yaml"
_HEAD = """\
# 采纳的整改措施：删去不采纳的条目；给出可执行的改动后，用 run CASE --measures 本文件 再演练一次。
# Accepted measures: delete those that are not; with `run CASE --measures THIS_FILE` the next run goes by what is left.
# kind 类别: plan_version（plan, task + takes | faster | within；plan, unit + notify: first；unit + on_platform | desk）、
# team_home（team + home | standby）、stock（item, amount, depot；team, elements, kind_of_element）、practice（numbers, times）、
# monitor（nature, coverage, county）、deadline、duty（后两类及未写改动者只记录，由下次复盘检验 these last two, and what names no
# change, are recorded only and looked for by the next review）.
"""


def measures_file(findings: Sequence[Finding], digest: str) -> str:
    """The measures of findings as YAML: every scalar in double quotes, so that nothing is guessed."""
    entries = [_entry(f.measure, digest) for f in findings if f.measure is not None]
    return _HEAD + ("".join(entries) or "[]\n")


def _entry(m: Measure, digest: str) -> str:
    lines = [f"- id: {_said(m.id)}", f"  kind: {m.kind}"]
    lines += [f"  {key}: {_said(value)}" for key, value in m.change.items() if value]
    for key, words in (("clause", m.clause), ("proof", m.proof), ("verifier", m.verifier)):
        if words.zh and words.en:
            lines.append(f"  {key}: {{zh: {_said(words.zh)}, en: {_said(words.en)}}}")
    lines += [
        f"  text: {{zh: {_said(m.text_zh)}, en: {_said(m.text_en)}}}",
        f"  by: {{zh: {_said(m.unit_zh)}, en: {_said(m.unit_en)}}}",
        f"  due: {_said(m.due)}",
        f"  from: {_said(digest)}",
    ]
    return "\n".join(lines) + "\n"


def _said(text: str | tuple[str, ...]) -> str:
    return json.dumps(text, ensure_ascii=False)

"""Defects planted in good plans, one at a time: each is told where it stands, with the rule and the way out."""

# ruff: noqa: E501 - one defect a line, however long the line of the plan is

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from sim.checking import check
from sim.doors.city import check_city, check_plans, load_city
from sim.errors import InvalidInput
from tests.mistakes_city.test_city_mistakes import MARK, told

QUJING = Path(__file__).resolve().parents[2] / "scenarios" / "cities" / "qujing"
SOME = ("units.yaml", "common.yaml", "common.natural.yaml", "OV.yaml", "CM.yaml", "FL.yaml")  # enough to be plans
GAS = "debtor: mine_rescue, creditor: lead, since: on_scene, takes: {min: 8 min, typical: 15 min, p90: 30 min}, within: 45 min"
SHEET = "evidence: {zh: 气体测定表, en: Table of readings}, verifier: mine_safety"
COUNT = """  %s:
    {zh: 清点矿灯、定位卡，核定井下人数, en: Count, phase: first_handling, clause: %s, level: none, debtor: enterprise,
     creditor: county_emergency, since: %s, takes: 20 min, within: %s, evidence: 记录, verifier: mine_safety}
"""  # a task like one of the plan's
TWENTY = '  - {ground: dead_or_missing, at_least: "20", clause: 4.7.2, to: I}'

# (file, what is replaced, by what; § marks where the problem must stand, what it must say)
UNREADABLE = [
    ("CM.yaml", "lead: energy", "lead: §enrgy", "no unit 'enrgy'", "did you mean 'energy'?"),
    ("CM.yaml", "command: mining", "command: §minning", "no command 'minning'", "did you mean 'mining'?"),
    ("CM.yaml", "leads: {rescue: mine_rescue", "leads: {§rescu: mine_rescue", "no group 'rescu'", "did you mean 'rescue'?"),
    ("CM.yaml", "leads: {rescue: mine_rescue", "leads: {rescue: §mine_resque", "no unit 'mine_resque'", "did you mean 'mine_rescue'?"),
    ("CM.yaml", "notify: [human_resources, trade_union", "notify: [human_resources, §trade_onion", "no unit 'trade_onion'", "did you mean 'trade_union'?"),
    ("CM.yaml", GAS, GAS.replace("mine_rescue,", "§mine_rescuers,"), "no unit 'mine_rescuers'", "did you mean 'mine_rescue'?"),
    ("CM.yaml", GAS, GAS.replace("on_scene", "§on_seen"), "no moment 'on_seen'", "did you mean 'on_scene'?"),
    ("CM.yaml", GAS, GAS.replace("on_scene", "§done.bases"), "no task 'bases'", "did you mean 'base'?"),
    ("CM.yaml", GAS, GAS.replace("45 min", "§45"), "expected a time with its unit such as '90 min', got '45'"),
    ("CM.yaml", GAS, GAS.replace("45 min", "§deadlines.frist_report"), "no number 'deadlines.frist_report'", "did you mean 'deadlines.first_report'?"),
    ("CM.yaml", GAS, GAS.replace("typical: 15 min", "typical: §15"), "expected a time with its unit"),
    ("CM.yaml", GAS, GAS.replace("takes: {min: 8 min", "takes: §{min: 20 min"), "must not descend"),
    ("CM.yaml", "phase: rescue, clause: 4.5.11", "phase: §resque, clause: 4.5.11", "no phase 'resque'", "did you mean 'rescue'?"),
    ("CM.yaml", "clause: 4.5.11", "clause: §4-5-11", "'4-5-11' is no number of a clause"),
    ("CM.yaml", "DRAIN_UG:  ", "§DRAIN_OG:  ", "no capability 'DRAIN_OG'", "did you mean 'DRAIN_UG'?"),
    ("CM.yaml", "III: {severity: [larger]", "III: {severity: [§lager]", "'lager'", "did you mean 'larger'?"),
    ("CM.yaml", "at_least: \"20\", clause: 4.7.2, to: I}", "at_least: §20 people per day, clause: 4.7.2, to: I}", "expected a count"),
    ("CM.yaml", "  - {ground: dead_or_missing, at_least: \"20\", clause: 4.7.2, to: I}", "  - §{ground: dead_or_missing, at_least: \"20\", clause: 4.7.2}", "exactly one of 'by' and 'to'"),
    ("CM.yaml", "id: CM", "id: §CMM", "the plan 'CMM' stands in CM.yaml", "call the file CMM.yaml"),
    ("CM.yaml", "  gas_check:\n", "  gas_check: {zh: 测气}\n  §gas_check:\n", "'gas_check' was already given at"),
    ("CM.yaml", "quiet: 4 h", "quiet: §soon", "expected a time such as '90 min', got 'soon'"),
    ("FL.yaml", "family: natural", "family: §naturel", "no family of plans 'naturel'", "did you mean 'natural'?"),
    ("FL.yaml", "lead: water", "lead: water\nwithout: [§audits]", "no common task 'audits'", "did you mean 'audit'?"),
    ("units.yaml", "earthquake:  {zh: 市抗震救灾指挥部, en: City Earthquake Relief Command, standing: yes, office: emergency}", "§earthquake:  {zh: 市抗震救灾指挥部, en: City Earthquake Relief Command, standing: yes}", "a standing command without an office"),
    ("units.yaml", "City Forest Fire Command, standing: yes, office: emergency", "City Forest Fire Command, standing: yes, office: §emergancy", "no unit 'emergancy'", "did you mean 'emergency'?"),
    ("units.yaml", "en: Rescue, lead: fire", "en: Rescue, lead: §fires", "no unit 'fires'", "did you mean 'fire'?"),
    ("CM.yaml", "clause: 4.5.11, natures: all", "clause: 4.5.11, natures: all, when: {§deads: 1}", "no circumstance 'deads'", "did you mean 'dead'?"),
    ("CM.yaml", "clause: 4.5.11, natures: all", "clause: 4.5.11, natures: all, when: {potential: §lager}", "no severity 'lager'", "did you mean 'larger'?"),
    ("CM.yaml", "clause: 4.5.11, natures: all", "clause: 4.5.11, natures: all, when: {dead: §many}", "expected a count"),
    ("CM.yaml", "clause: 4.5.11, natures: all", "clause: 4.5.11, natures: all, scale: §producton", "no scale 'producton'", "did you mean 'production'?"),
    ("CM.yaml", "natures: all, restates: R6", "natures: all, restates: §R66", "no duty 'R66'", "did you mean"),
    ("units.yaml", 'local: {zh: "{county}应急管理局"', 'local: {zh: §"{conty}应急管理局"', "there is no place 'conty'", "did you mean 'county'?"),
    ("common.yaml", "on_scene:         {event: arrived}", "on_scene:         {event: §arived}", "no event 'arived'", "did you mean 'arrived'?"),
    ("common.yaml", "{event: person_changed, where: {status: waiting}}", "{event: person_changed, where: {§state: waiting}}", "has no 'state'", "did you mean 'status'?"),
    ("common.yaml", "suspended:        {event: response_suspended}", "suspended:        {event: arrived, tier: §city}", "names no post"),
    ("common.yaml", "I:   {chief: mayor", "I:   {chief: §mayer", "no chief 'mayer'", "did you mean 'mayor'?"),
    ("common.yaml", "ground: secondary, at_least: larger", "ground: secondary, at_least: §large", "no severity 'large'", "did you mean 'larger'?"),
]  # fmt: skip
HALF = [
    ("CM.yaml", "  rectification_review:\n    {debtor: {general: mine_safety, larger: province_mine_safety, major: province_mine_safety, especially_major: state_council}}",
     "  rectification_review:\n    {§debtor: {general: mine_safety, major: province_mine_safety, especially_major: state_council}}", "nothing is said for 'larger'", "narrow 'severity'"),
    ("CM.yaml", GAS, GAS.replace("debtor: mine_rescue", "§debtor: {general: mine_rescue, larger: mine_rescue, especially_major: fire}"), "nothing is said for 'major'"),
]  # fmt: skip
UNWORKABLE = [
    ("CM.yaml", "levels:\n  I:   {severity: [especially_major]}\n  II:  {severity: [major]", "§levels:\n  I:   {severity: [major]}\n  II:  {severity: [especially_major]",
     "'especially_major' starts level II, 'major' the higher I"),
    ("CM.yaml", "levels:\n  I:   {severity: [especially_major]}\n", "§levels:\n  I:   {}\n", "the severity 'especially_major' starts no level"),
    ("CM.yaml", "natures: [mine_inrush, ", "natures: [§mine_inrushes, ", "no accident model 'mine_inrushes': the plan is never reached", "did you mean 'mine_inrush'?"),
    ("CM.yaml", "natures: [mine_inrush, ", "supports: [§mine_gas]\nnatures: [mine_inrush, ", "'mine_gas' is its own nature"),
    ("CM.yaml", "phase: first_handling, clause: 4.2.5", "phase: first_handling, clause: §4.2.4", "the clause 4.2.4 is also that of 'lamp_count'"),
    ("CM.yaml", SHEET, SHEET.replace("mine_safety", "§mine_rescue"), "'mine_rescue' would check itself"),
    ("CM.yaml", GAS, GAS.replace("within: 45 min", "within: §10 min"), "it takes 00:15:00 as a rule, and is due within 00:10:00"),
    ("CM.yaml", "debtor: mine_rescue, creditor: lead, since: on_scene, takes: {min: 20 min, typical: 40 min, p90: 80 min}, within: 2 h",
     "debtor: mine_rescue, creditor: lead, since: on_scene, once: done.drawings, takes: {min: 20 min, typical: 25 min, p90: 30 min}, within: §50 min",
     "due within 00:50:00, but it waits for 'drawings', due within 01:00:00"),
    ("CM.yaml", "  lamp_count:\n", COUNT % ("a", "4.2.8", "§done.b", "1 h") + COUNT % ("b", "4.2.9", "done.a", "1 h") + "  lamp_count:\n", "they wait for one another: a → b → a"),
    ("CM.yaml", "  lamp_count:\n", COUNT % ("a", "4.2.8", "§done.a", "1 h") + "  lamp_count:\n", "they wait for one another: a → a"),
    ("CM.yaml", "debtor: power_supply, creditor: lead, since: activated", "debtor: §petitions, creditor: lead, since: activated", "'petitions' owes it, but is told at no level"),
    ("CM.yaml", TWENTY, TWENTY.replace("{ground", "§{ground").replace("to: I}", "to: III}"), "more of 'dead_or_missing' would lead to a lower level"),
    ("CM.yaml", TWENTY, TWENTY.replace("{ground", "§{ground").replace("20", "6"), "'dead_or_missing' at this figure was given before"),
    ("CM.yaml", "  lamp_count:\n", "  unit_report: {within: §3 h}\n  lamp_count:\n", "03:00:00 is later than the law allows: deadlines.each_level, 02:00:00"),
    ("CM.yaml", "  cut_power:\n", COUNT % ("again", "4.2.9", "discovered", "§40 min") + "  cut_power:\n", "the same duty is due at another time at", "CM.yaml:31:"),
    ("OV.yaml", "ordinary: [small_incident]", "ordinary: [§smal_incident]", "no accident model 'smal_incident'", "did you mean 'small_incident'?"),
    ("CM.yaml", "clause: 4.5.11, natures: all", "clause: 4.5.11, natures: [§mine_inrus]", "no nature of this plan 'mine_inrus'", "did you mean 'mine_inrush'?"),
    ("CM.yaml", "clause: 4.5.11, natures: all", "clause: 4.5.11, natures: all, when: {§dead: 0}", "'dead' of at least 0 always holds", "leave it out, or write 1"),
    ("CM.yaml", "clause: 4.5.11, natures: all", "clause: 4.5.11, natures: all, when: [{dead: 1}, {§figures.depht: 1}]", "carries the figure 'depht': it never holds"),
    ("CM.yaml", "clause: 4.5.11, natures: all", "clause: 4.5.11, natures: all, scale: production, severity: [general], when: {§dead: 3}",
     "at least 3 'dead' make it 'larger', and it is owed up to 'general': it never holds"),
    ("FL.yaml", "since: rationed, takes", "since: §done.gates, takes", "it waits for 'gates', which no accident of its natures brings"),
    ("units.yaml", "  archives:   ", "  §loners:  {zh: 市独行局, en: City Bureau of Loners}\n  archives:   ", "it owes nothing and is told nothing"),
    ("units.yaml", "  flood:   ", "  §loners:  {zh: 市独行指挥部, en: Command of Loners}\n  flood:   ", "no plan has this command"),
    ("units.yaml", "chiefs:", "  §loners:  {zh: 独行组, en: Loners, lead: fire}\nchiefs:", "no level staffs this group"),
]  # fmt: skip
ELSEWHERE = [  # (file, what is replaced, by what; file and text where the problem stands, what it says)
    ("CM.yaml", GAS, GAS.replace("debtor: mine_rescue, ", ""), "CM.yaml", "gas_check:", "nobody owes it", "write 'debtor: …'"),
    ("CM.yaml", GAS, GAS.replace("since: on_scene, ", ""), "CM.yaml", "gas_check:", "it never arises"),
    ("CM.yaml", GAS, GAS.replace("since: on_scene", "since: []"), "CM.yaml", "gas_check:", "it never arises"),
    ("CM.yaml", GAS, GAS.replace("debtor: mine_rescue", "debtor: {}"), "CM.yaml", "gas_check:", "nobody owes it"),
    ("CM.yaml", SHEET, SHEET.partition(", verifier")[0], "CM.yaml", "gas_check:", "nobody checks it"),
    ("CM.yaml", "clause: 4.5.11, natures: all", "clause: 4.5.11", "CM.yaml", "gas_check:", "'gas_check' does not say for which", "write 'natures: […]'"),
    ("CM.yaml", "     " + SHEET, "     verifier: mine_safety", "CM.yaml", "gas_check:", "nothing would show that it was done"),
    ("CM.yaml", "II:  {severity: [major]", "II:  {severity: [major, larger]", "CM.yaml", "{severity: [larger]", "the severity 'larger' already starts II"),
    ("CM.yaml", "natures: [mine_inrush, ", "natures: [mine_inrush, flood, ", "FL.yaml", "flood, drought", "the nature 'flood' is already that of", "name it in `supports`"),
    ("CM.yaml", "natures: [mine_inrush, mine_gas, mine_fire, roof_fall]\n", "", "CM.yaml", "CM\n", "it has no natures, as OV"),
    ("FL.yaml", "lead: water\n", "lead: water\nwithout: [final_notice, refute, press, notice]\n", "FL.yaml", "FL\n", "no task covers the phase 'publicity'"),
    ("FL.yaml", "family: natural\n", "", "common.natural.yaml", "standing", "no plan follows this file"),
    ("OV.yaml", "command: committee", "command: work_safety", "units.yaml", "committee:", "no plan has this command"),
    ("common.yaml", "II:  {chief: executive, clause: 4.3.2, ", "II:  {chief: executive, ", "OV.yaml", "II:  {", "the level II has no clause"),
    ("common.yaml", "II:  {chief: executive, ", "II:  {", "OV.yaml", "II:  {", "the level II has no chief"),
    ("units.yaml", "petitions:         {zh: 市信访局,", "petitions:         {zh: 市公安局,", "units.yaml", "petitions:", "'市公安局' is the unit 'police', too"),
]  # fmt: skip
WITH_CITY = [  # held against the roster
    ("CM.yaml", "teams: [MINE, MINP,", "teams: [§MEIN, MINP,", "no category of teams 'MEIN'", "did you mean 'MIN"),
    ("CM.yaml", "MINE_RESCUE: {amount: \"2\", within: 2 h", "MINE_RESCUE: {amount: §\"40\", within: 2 h", "fewer than 40 squads within 02:00:00 in 6 counties", "enough after"),
    ("CM.yaml", "MINE_RESCUE: {amount: \"2\", within: 2 h", "MINE_RESCUE: {amount: §2 m, within: 2 h", "expected a count"),
    ("CM.yaml", "within: 2 h, counties: [\"530302\"", "within: 2 h, counties: [§\"530300\"", "no county '530300'", "did you mean '53030"),
    ("FR.yaml", "within: 2 h\n    accepted: {counties: [\"530326\", ", "within: 2 h\n    accepted: {counties: [§\"530302\", \"530326\", ", "麒麟区 (530302) is not short of it"),
]  # fmt: skip


def planted(folder: Path, file: str, old: str, new: str) -> tuple[str, int, int] | None:
    """Some of the plans with one edit in a file; where the mark stands, if there is one."""
    folder.mkdir()
    for name in SOME:
        shutil.copy(QUJING / "plans" / name, folder / name)
    path = folder / file
    good = path.read_text(encoding="utf-8")
    assert good.count(old) == 1, f"'{old}' stands once in {file}"
    bad = good.replace(old, new)
    path.write_text(bad.replace(MARK, ""), encoding="utf-8")
    if MARK not in bad:
        return None
    before = bad[: bad.index(MARK)]
    return path.as_posix(), before.count("\n") + 1, len(before) - before.rfind("\n")


@pytest.mark.parametrize(
    ("file", "old", "new", "words"), [(m[0], m[1], m[2], m[3:]) for m in (*UNREADABLE, *HALF, *UNWORKABLE)]
)
def test_a_defect_of_a_plan_is_told_at_its_place(tmp_path, file, old, new, words):
    """File, line and column; what is wrong; the nearest valid name, where a name is wrong."""
    place = planted(tmp_path / "plans", file, old, new)

    assert place is not None
    told(check_plans(tmp_path / "plans"), place, words)


@pytest.mark.parametrize(("file", "old", "new", "where", "text", "words"), [(*m[:5], m[5:]) for m in ELSEWHERE])
def test_a_defect_is_told_where_the_other_half_of_it_stands(tmp_path, file, old, new, where, text, words):
    """What is missing has no place of its own: it is told at what lacks it."""
    planted(tmp_path / "plans", file, old, new)
    path = tmp_path / "plans" / where
    before, found, _ = path.read_text(encoding="utf-8").partition(text)
    assert found

    place = (path.as_posix(), before.count("\n") + 1, len(before) - before.rfind("\n"))
    here = [str(p) for p in check_plans(tmp_path / "plans") if (p.file, p.line, p.column) == place]
    assert any(all(word in problem for word in words) for problem in here), here


@pytest.mark.parametrize(("file", "old", "new", "words"), [(m[0], m[1], m[2], m[3:]) for m in WITH_CITY])
def test_plans_are_held_against_the_roster(tmp_path, file, old, new, words):
    """What a plan relies on is there, in every county, within the hours it says; or the plan says why not."""
    place = city_with(tmp_path / "city", file, old, new)

    told(check_city(tmp_path / "city"), place, words)


def test_capabilities_and_teams_in_no_plan_are_told(tmp_path):
    """What the roster has and no plan would ever call for."""
    city_with(tmp_path / "city", "MT.yaml", 'SNOW:    {amount: "5 km/h", within: 3 h}', "# §")
    (tmp_path / "city" / "plans" / "SE.yaml").write_text(
        (QUJING / "plans" / "SE.yaml").read_text(encoding="utf-8").replace("teams: [SPE, ", "teams: ["),
        encoding="utf-8",
    )
    pw = tmp_path / "city" / "plans" / "PW.yaml"
    pw.write_text(pw.read_text(encoding="utf-8").replace("SPE, ", ""), encoding="utf-8")
    said = "\n".join(map(str, check_city(tmp_path / "city")))

    assert "no plan relies on the capability SNOW" in said
    assert "no plan names the teams SPE" in said and "none of the plan's teams supplies CRANE" in said


def test_the_shipped_plans_are_clean():
    """Nothing is found; every shortfall of the roster that there is, is explained in the plan."""
    assert check(QUJING / "plans") == []


def test_a_city_whose_plans_are_wrong_is_no_city(tmp_path):
    """Mistakes of plans are mistakes of the city; findings are not."""
    city_with(tmp_path / "a", "CM.yaml", "lead: energy", "lead: §enrgy")
    with pytest.raises(InvalidInput):
        load_city(tmp_path / "a")
    city_with(tmp_path / "b", "CM.yaml", SHEET, SHEET.replace("mine_safety", "§mine_rescue"))
    assert load_city(tmp_path / "b").plans is not None


def test_levels_are_said_once(tmp_path):
    """By the plans, or in city.yaml where there are none."""
    shutil.copytree(QUJING, tmp_path / "city")
    file = tmp_path / "city" / "city.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text + "levels: {standing: config, source: x, by_nature: {default: {general: IV}}}\n", encoding="utf-8"
    )
    assert [p.what for p in check_city(tmp_path / "city")] == ["the city has plans, which say its levels"]
    shutil.rmtree(tmp_path / "city" / "plans")
    file.write_text(text, encoding="utf-8")
    assert [p.what for p in check_city(tmp_path / "city")] == ["the key 'levels' is missing"]


def test_what_all_share_must_be_readable_before_anything_is_said_of_one(tmp_path):
    """A mistake in common.yaml is one problem, not one for each plan; neither is a missing file."""
    planted(tmp_path / "plans", "common.yaml", 'handover: {clause: "4.10"', 'handovers: {clause: "4.10"')
    assert [p.what for p in check_plans(tmp_path / "plans")] == ["unknown key 'handovers'"]
    (tmp_path / "plans" / "common.yaml").unlink()
    assert [p.what for p in check_plans(tmp_path / "plans")] == ["the file is missing"]


def test_one_plan_file_can_be_checked_in_its_folder_or_alone(tmp_path):
    """In its folder with all it inherits; elsewhere, what can be said of its form."""
    planted(tmp_path / "plans", "CM.yaml", "lead: energy", "lead: §enrgy")
    assert [p.what for p in check(tmp_path / "plans" / "CM.yaml")] == ["no unit 'enrgy'"]
    assert check(tmp_path / "plans" / "FL.yaml") == []
    alone = tmp_path / "CM.yaml"
    alone.write_text(
        (QUJING / "plans" / "CM.yaml").read_text(encoding="utf-8").replace("quiet: 4 h", "quiet: 4"), encoding="utf-8"
    )
    assert ["expected a time" in p.what for p in check(alone)] == [True]


@pytest.mark.parametrize("file", SOME)
def test_nonsense_anywhere_is_a_problem_and_never_a_traceback(tmp_path, file):
    """Every ninth value of the file replaced by something that is no value of its kind."""
    good = (QUJING / "plans" / file).read_text(encoding="utf-8")
    for i, spot in enumerate([*re.finditer(r": ([^\s{\[#,}\]]+)", good)][::9]):
        nonsense = ("[]", "{}", "~", "-1", "{a: b}", "[1, [2]]", "é中", '""')[i % 8]
        folder = tmp_path / str(i)
        planted(folder, file, good, good[: spot.start(1)] + nonsense + good[spot.end(1) :])

        assert all(problem.line and problem.what for problem in check_plans(folder))


def city_with(folder: Path, file: str, old: str, new: str) -> tuple[str, int, int]:
    """The whole city with one edit in a plan; where the mark in it stands."""
    shutil.copytree(QUJING, folder)
    path = folder / "plans" / file
    good = path.read_text(encoding="utf-8")
    assert good.count(old) == 1, f"'{old}' stands once in {file}"
    bad = good.replace(old, new)
    path.write_text(bad.replace(MARK, ""), encoding="utf-8")
    before = bad[: bad.index(MARK)]
    return path.as_posix(), before.count("\n") + 1, len(before) - before.rfind("\n")

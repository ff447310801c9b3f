"""Words: what people read, in Chinese and English, one table; and figures in the unit people read them in."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from sim.analysis.sayings import TABLE as RESPONSE
from sim.journal.cast import Words
from sim.units import HOUR, UnitError, from_si

TABLE: dict[str, tuple[str, str]] = {
    # ── tiers, severities, levels, states ──
    "tier.1": ("骨干", "backbone"),
    "tier.2": ("基础", "basic"),
    "tier.3": ("辅助", "auxiliary"),
    "severity.1": ("一般", "general"),
    "severity.2": ("较大", "larger"),
    "severity.3": ("重大", "major"),
    "severity.4": ("特别重大", "especially major"),
    "level.1": ("Ⅰ级", "level I"),
    "level.2": ("Ⅱ级", "level II"),
    "level.3": ("Ⅲ级", "level III"),
    "level.4": ("Ⅳ级", "level IV"),
    "state.ordered": ("受令", "ordered"),
    "state.turnout": ("集结出动", "turning out"),
    "state.travelling": ("赶赴", "travelling"),
    "state.held": ("受阻", "held up"),
    "state.setting_up": ("展开", "setting up"),
    "state.working": ("作业", "working"),
    "state.reserve": ("待命", "in reserve"),
    "state.resting": ("轮休", "resting"),
    "state.carrying": ("转运伤员", "carrying"),
    "state.returning": ("返程", "returning"),
    "phase.undiscovered": ("未发现", "undiscovered"),
    "phase.reported": ("接报核实", "reported"),
    "phase.awaited": ("力量在途", "help on its way"),
    "phase.responding": ("现场处置", "responding"),
    "mode.latent": ("潜伏", "latent"),
    "mode.growing": ("发展", "growing"),
    "mode.steady": ("持续", "steady"),
    "mode.declining": ("减弱", "declining"),
    "mode.controlled": ("受控", "controlled"),
    "mode.over": ("结束", "over"),
    "status.exposed": ("受威胁", "in danger"),
    "status.trapped": ("被困", "trapped"),
    "status.waiting": ("待救", "waiting"),
    "status.carried": ("转运中", "carried"),
    "status.hospital": ("在院", "in hospital"),
    "status.saved": ("救治成功", "saved"),
    "status.safe": ("脱险", "safe"),
    "status.dead": ("死亡", "dead"),
    "status.missing": ("失联", "missing"),
    "triage.red": ("红", "red"),
    "triage.yellow": ("黄", "yellow"),
    "triage.green": ("绿", "green"),
    "triage.expectant": ("黑", "expectant"),
    "care.trapped_aided": ("被困中获初步救助", "trapped, with first aid"),
    "care.trapped": ("被困", "trapped"),
    "care.waiting": ("无", "none"),
    "care.buddy": ("自救互救", "first aid"),
    "care.paramedic": ("现场医护", "paramedic"),
    "care.ambulance": ("途中监护", "ambulance"),
    "care.emergency": ("急诊", "emergency department"),
    "care.definitive": ("确定性治疗", "definitive care"),
    "what.start": ("险情开始", "The hazard begins"),
    "what.inputs": ("险情随投入力量变化", "The hazard feels a change of effort"),
    "by.witness": ("现场群众", "a witness"),
    "by.crew": ("巡查力量", "a crew"),
    "sender.caller": ("报警人", "a caller"),
    "sender.crew": ("现场力量", "a crew"),
    "sender.scene": ("现场指挥", "the scene"),
    "short.none_exists": ("全市无此力量", "none exists"),
    "short.none_free": ("均已派出", "none free"),
    "short.none_reachable": ("道路不通", "none can get there"),
    "dead.at_once": ("当场", "at once"),
    "dead.trapped": ("受困未救出", "not got out in time"),
    "dead.waiting": ("得到救治之前", "before care reached them"),
    "dead.in_care": ("转运或救治中", "on the way or in care"),
    "dead.responders": ("救援人员", "responders"),
    "outcome.met": ("按时", "met"),
    "outcome.late": ("超时", "late"),
    "outcome.missed": ("未做", "missed"),
    "end.settled": ("全部处置完毕", "all settled"),
    "end.horizon": ("到推演截止时间", "stopped at the horizon"),
    # ── units of things counted ──
    "unit.people": ("人", "people"),
    "unit.vehicles": ("辆", "vehicles"),
    "unit.elements": ("个", "elements"),
    "unit.crews": ("组", "crews"),
    "unit.squads": ("小队", "squads"),
    "unit.pairs": ("对", "pairs"),
    "unit.points": ("处", "points"),
    "unit.rigs": ("台", "rigs"),
    "unit.cranes": ("台", "cranes"),
    "unit.boats": ("艘", "boats"),
    "unit.sets": ("套", "sets"),
    "unit.slots": ("个", "slots"),
    "unit.households": ("户", "households"),
    "unit.customers": ("户", "customers"),
    "unit.farms": ("场", "farms"),
    "unit.heads": ("头", "head"),
    "unit.bags": ("袋", "bags"),
    "unit.beds": ("张", "beds"),
    "unit.sites": ("处", "sites"),
    "unit.lines": ("条", "lines"),
    "unit.places": ("处", "places"),
    "unit.people/min": ("人/分", "people/min"),
    "unit.people/d": ("人/天", "people/d"),
    "unit.heads/h": ("头/小时", "head/h"),
    "unit.people/h": ("人/小时", "people/h"),
    "unit.persons/h": ("人/小时", "persons/h"),
    "unit.people/m2": ("人/m2", "people/m2"),
    "unit.people/km2": ("人/km2", "people/km2"),
    "unit.veh/h": ("辆/小时", "veh/h"),
    "unit.crew-h": ("组·小时", "crew-h"),
    "unit.crew-min": ("组·分", "crew-min"),
    "unit.rig-d": ("台·天", "rig-d"),
    "unit.degC": ("℃", "°C"),
    "unit.C": ("℃", "°C"),
    "unit.deg": ("°", "°"),
    # ── what an event says ──
    "event.run_started": ("推演开始", "The run begins"),
    "event.run_ended": ("推演结束：{reason}", "The run ends: {reason}"),
    "event.incident_occurred": ("{incident}发生", "{incident} occurs"),
    "event.discovered": ("{by}发现", "Noticed by {by}"),
    "event.hazard_changed": ("{what}", "{what}"),
    "event.demands_changed": ("现场所需有变：{demands}", "What the scene needs changes: {demands}"),
    "event.milestone": ("{name}", "{name}"),
    "event.hazard_over": ("险情解除", "The hazard is over"),
    "event.incident_closed": ("{post}宣布现场处置结束", "{post} declares the work on the spot done"),
    "event.persons_involved": ("{count}人涉险", "{count} people in harm's way"),
    "event.person_changed": ("{person}：{status}", "{person}: {status}"),
    "event.dead_found": ("找到遇难者{count}人：{why}", "{count} dead found: {why}"),
    "event.care_changed": ("{person}的救治变为{care}", "{person} now has care: {care}"),
    "event.report_sent": ("{sender}向{receiver}报告", "{sender} reports to {receiver}"),
    "event.report_received": ("{post}接报", "{post} takes the report"),
    "event.graded": (
        "{post}研判：已确认{confirmed}，可能{potential}",
        "{post} grades: {confirmed}, may become {potential}",
    ),
    "event.graded_same": ("{post}研判为{confirmed}", "{post} grades it: {confirmed}"),
    "event.response_changed": ("{post}启动{level}响应", "{post} starts response {level}"),
    "event.response_ended": ("{post}终止响应", "{post} ends its response"),
    "event.lead_taken": ("{post}牵头指挥", "{post} takes the lead"),
    "event.needs_stated": ("{post}提出需求：{needs}", "{post} states its needs: {needs}"),
    "event.shortfall": ("{capability}缺{amount}（{reason}）", "Short of {capability}: {amount} ({reason})"),
    "event.covered": ("{capability}缺口补齐", "{capability} covered again"),
    "event.support_requested": ("{post}向{to}请求支援：{capability}", "{post} asks {to} for {capability}"),
    "event.order_given": ("{post}令{team}出动", "{post} orders out {team}"),
    "event.order_refused": ("{element}未能受令：{reason}", "{element} cannot carry out its order: {reason}"),
    "event.recalled": ("{post}召回{team}", "{post} calls back {team}"),
    "event.cut_off": ("通往现场的道路全部中断", "No road leads to the scene"),
    "event.reachable": ("现场恢复通路", "The scene can be reached again"),
    "event.alerted": ("{team}受令集结", "{team} turns out"),
    "event.departed": ("{team}出发（{people}人）", "{team} leaves ({people} people)"),
    "event.route_changed": ("{team}改道", "{team} takes another road"),
    "event.held": ("{team}受阻于{node}", "{team} is held up at {node}"),
    "event.road_found": ("{team}发现{link}中断", "{team} finds {link} closed"),
    "event.arrived": ("{team}到场", "{team} arrives"),
    "event.assigned": ("{team}投入{demand}", "{team} is put to {demand}"),
    "event.relief_due": ("{team}请求轮换", "{team} asks for relief"),
    "event.resting": ("{team}轮休", "{team} rests"),
    "event.rested": ("{team}恢复待命", "{team} is fit again"),
    "event.released": ("{team}撤离", "{team} leaves the scene"),
    "event.loaded": ("{team}接走{count}名伤员，送{hospital}", "{team} takes {count} hurt to {hospital}"),
    "event.handed_over": ("{hospital}收治{count}名伤员", "{hospital} takes in {count} hurt"),
    "event.returned": ("{team}归建", "{team} is home"),
    "event.road_changed": ("{link}{state}", "{link} {state}"),
    "event.road_known": ("指挥系统获知{link}{state}", "Command learns: {link} {state}"),
    "event.weather_changed": ("天气变化：{weather}", "The weather: {weather}"),
    "event.limit_passed": (
        "超出公式适用范围：{limit}为{value}（适用 {low}–{high}），此后结果仅供参考",
        "Beyond what the formulas are good for: {limit} is {value} (valid {low} to {high}); what follows is indicative",
    ),
    "event.shock_felt": ("{name}波及{town}", "{name} reaches {town}"),
    "event.responders_hit": ("{team}遇险：{toll}（{why}）", "{team} is hit: {toll} ({why})"),
    "toll.dead": ("{count}人牺牲", "{count} dead"),
    "toll.hurt": ("{count}人受伤", "{count} hurt"),
    "event.cascaded": ("引发：{edge}", "It brings about: {edge}"),
    "event.cascade_held": ("“{edge}”不再推演（{why}）", "“{edge}” is left out of the run ({why})"),
    "event.service_changed": ("{service}：{count}个乡镇（街道）最低剩{share}", "{service}: down to {share} in {count} townships"),
    "event.service_back": ("{service}：{count}个乡镇（街道）恢复", "{service}: back in {count} townships"),
    "event.hospital_changed": ("{hospital}可同时收治{places}人（{why}）", "{hospital} takes {places} at once ({why})"),
    "event.queued": ("{team}在进场路上等候", "{team} waits on the way in"),
    "held.depth": ("超出灾害链深度", "too deep a cascade"),
    "held.budget": ("超出衍生事件数量上限", "over the budget of what may follow"),
    "service.power": ("供电", "Power"),
    "service.telecom": ("公众通信", "Telecom"),
    "service.water": ("供水", "Water"),
    "service.gas": ("供气", "Gas"),
    "places.generators_empty": ("自备发电燃料耗尽", "generators out of fuel"),
    "places.power_back": ("恢复供电", "power is back"),
    "state.queued": ("候场", "waiting to get in"),
    "event.daylight": ("{state}", "{state}"),
    "event.channel_changed": ("{post}通信{state}", "Communications of {post}: {state}"),
    "event.inject_released": ("情景注入：{title}", "Inject: {title}"),
    "event.expectation_settled": ("预期行动“{title}”{outcome}", "Expected “{title}”: {outcome}"),
    "road.closed": ("中断", "closed"),
    "road.slowed": ("减速通行", "slowed"),
    "road.open": ("恢复通行", "open again"),
    "light.night": ("入夜", "Night falls"),
    "light.day": ("天亮", "Day breaks"),
    "channel.up": ("恢复", "up"),
    "channel.degraded": ("不畅", "degraded"),
    "channel.down": ("中断", "down"),
    "weather.text": (
        "{rain} mm/h，风 {wind} m/s，{temperature} ℃",
        "rain {rain} mm/h, wind {wind} m/s, {temperature} ℃",
    ),
    # ── moments that sum up several events ──
    "moment.first_orders": (
        "首批命令：{teams}支队伍、{elements}个单元、{people}人",
        "First orders: {teams} teams, {elements} elements, {people} people",
    ),
    "moment.first_arrival": ("首支力量到场：{team}", "First on the spot: {team}"),
    "moment.rerouted": ("{count}个单元改道", "elements that take another road: {count}"),
    "moment.turned_round": ("{count}个单元折返绕行", "elements that turn round and go another way: {count}"),
    "moment.relief": ("首次轮换：{team}", "First relief: {team}"),
    "moment.last_out": ("最后一名被困人员救出", "The last of the trapped is out"),
    "moment.last_alive_out": ("最后一名生还的被困人员救出", "The last of the trapped who lived is out"),
    "moment.last_saved": ("最后一名伤员得到救治", "The last of the hurt is in definitive care"),
    "moment.last_home": ("参战力量全部归建", "All forces are home"),
    # ── headings and lines of the brief ──
    "brief.course": ("经过", "What happened"),
    "brief.forces": ("谁、何时到场", "Who came, and when"),
    "brief.people": ("人员", "People"),
    "brief.short": ("力量缺口", "What ran short"),
    "brief.expected": ("预期行动与时限", "Expected actions and deadlines"),
    "brief.no_short": ("所列需求均有单元可派。", "For every need that was stated there was an element to send."),
    "brief.nobody_sent": ("未派出任何力量。", "Nobody was sent."),
    "brief.nobody": ("无人员涉险。", "Nobody was in harm's way."),
    "brief.nobody_came": ("无力量到场。", "Nobody came."),
    "brief.start": ("{date} 起", "from {date}"),
    "brief.cause": ("原因：{cause}", "cause: {cause}"),
    "brief.run": ("策略 {strategy} · 种子 {seed} · 第 {number} 次", "strategy {strategy} · seed {seed} · run {number}"),
    "brief.totals": (
        "出动 {teams} 支队伍、{people} 人，其中 {arrived} 人到场；接报后 {first}首支队伍到场，{last}末支队伍到场；"
        "行驶 {km} km，在外 {hours} 单元时。",
        "{teams} teams and {people} people set out, {arrived} people arrived; the first team {first} after the report, "
        "the last {last}; {km} km driven, {hours} element-hours away.",
    ),
    "brief.cut_short": (
        "推演到 {until} 截止时仍未结束：{incidents}。",
        "The run stopped at {until} with these still open: {incidents}.",
    ),
    "brief.more_teams": (
        "另有 {teams} 支队伍、{people} 人，至 {last} 到场",
        "{teams} more teams, {people} people, by {last}",
    ),
    "brief.tiers": ("{tier} {teams} 队 {people} 人", "{tier}: teams {teams}, people {people}"),
    "brief.involved": ("涉险 {count} 人", "{count} in harm's way"),
    "brief.open": ("未有结果 {count}", "{count} still open"),
    "brief.elements": ("{count}×{kind}", "{count} × {kind}"),
    "brief.people_count": ("{count} 人", "{count} people"),
    "brief.until_end": ("至结束", "to the end"),
    "brief.more_moments": (
        "（另有 {count} 件次要事项，见 journal.jsonl）",
        "({count} lesser moments are in journal.jsonl)",
    ),
    "brief.item": ("整改项 {number} 销号", "item {number} of the lists put right"),
    "brief.obligations": (
        "法定与预案时限：按时 {met}，超时 {late}，未做 {missed}",
        "Deadlines of law and plan: {met} met, {late} late, {missed} missed",
    ),
    "brief.phases": (
        "闭环环节：应闭环 {due}，已闭环 {closed}",
        "Phases of the closed loop: {due} due, {closed} closed",
    ),
    "brief.due": ("时限 {due}", "due {due}"),
    "brief.honest": (
        "参考配置：名册、能力与时间均为参考取值，并非实况。本次为种子 {seed} 的第 {number} 次推演，换种子则结果不同。",
        "Reference configuration: roster, abilities and times are reference values, not the real ones. "
        "This is run {number} of seed {seed}; another seed comes out differently.",
    ),
    # ── sensitivity ──
    "outcome.dead": ("死亡人数", "Deaths"),
    "outcome.over": ("险情全部解除所需时间（小时）", "Hours until every hazard was over"),
    "outcome.people": ("出动人数", "People sent out"),
    "tornado.title": ("哪个假定数值起决定作用：{case}", "Which assumed number decides: {case}"),
    "tornado.about": (
        "逐项取参数范围的下限（蓝）和上限（橙），其余与运气不变：{outcome}",
        "One number at a time at the low (blue) and high (orange) end of its range, all luck the same: {outcome}",
    ),
    "tornado.base": ("本案例：{outcome} {value}", "the case itself: {outcome} {value}"),
    "tornado.guessed": ("（取半至倍）", "(half to double)"),
    "tornado.luck": ("方向不明（运气）", "no clear direction (luck)"),
    "tornado.none": ("所变各数均不改变{outcome}。", "None of the numbers changes this: {outcome}."),
    "tornado.more": (
        "另有 {count} 个数改变它较少；{still} 个数不改变它。",
        "{count} more numbers change it less; {still} do not change it.",
    ),
    # ── pictures ──
    "figure.map": ("力量机动图", "Where the forces came from"),
    "figure.timeline": ("处置时间线", "Who did what, when"),
    "figure.curves": ("险情、力量与人员", "Hazard, effort and people"),
    "figure.chain": ("灾害链", "What followed what"),
    "figure.left_out": ("未推演（超出深度或数量上限）", "left out of the run (too deep, or too many)"),
    "figure.dead": ("死亡 {count} 人", "{count} dead"),
    "figure.reported": ("报告人数与实际人数", "People as reported and in truth"),
    "figure.pair": ("有响应与无响应", "With a response and without"),
    "figure.with": ("有响应", "with a response"),
    "figure.without": ("无响应", "without"),
    "figure.in_danger": ("处于危险或待救治", "in danger or waiting for care"),
    "figure.dead_so_far": ("累计死亡", "dead so far"),
    "figure.incident": ("事发地", "incident"),
    "figure.place": ("{place} {count}人", "{place}, {count}"),
    "figure.hospital": ("医院", "hospital"),
    "figure.closed": ("中断路段", "closed road"),
    "figure.injects": ("情景注入：{injects}", "Injects: {injects}"),
    "figure.truth": ("实际需要", "needed in truth"),
    "figure.believed": ("研判需要", "needed as believed"),
    "figure.on_spot": ("现场投入", "at work"),
    "figure.people": ("人员", "People"),
    "figure.more": ("另有 {count} 支队伍未列出", "{count} more teams not shown"),
}  # fmt: skip
TABLE |= RESPONSE


_SINGULAR = {"teams": "team", "elements": "element", "people": "person", "places": "place", "units": "unit", "crews": "crew",
             "squads": "squad", "points": "point", "pumps": "pump", "lorries": "lorry", "reroutes": "reroute"}  # fmt: skip
_ONE = re.compile(rf"(?<![\d.,:])\b1 ({'|'.join(_SINGULAR)})\b")


def say(key: str, lang: str, **facts: object) -> str:
    """The words of `key` in a language, with these facts put in."""
    text = TABLE[key][lang != "zh"].format(**facts)
    return text if lang == "zh" else in_the_singular(text)


def in_the_singular(text: str) -> str:
    """English words as they are after a single one: 1 team, not 1 teams."""
    return _ONE.sub(lambda found: f"1 {_SINGULAR[found[1]]}", text)


def named(prefix: str, name: str, lang: str) -> str:
    """The words for one of a family of names (`named("level", "2", "zh")`); the bare name where the family lacks it."""
    words = TABLE.get(f"{prefix}.{name}")
    return words[lang != "zh"] if words else name


def either(names: dict[str, Words], name: str, lang: str) -> str:
    """The words a card has for a name, or the name in plain letters."""
    return names[name].of(lang) if name in names else name.replace("_", " ")


def clock(starts_at: str, t: float) -> str:
    """The local clock time `t` seconds after the start: `02:45`, on later days `07-20 02:45`, in later years with the year."""
    start = datetime.fromisoformat(starts_at)
    moment = start + timedelta(seconds=t)
    later = "%m-%d %H:%M" if moment.year == start.year else "%Y-%m-%d %H:%M"
    return moment.strftime("%H:%M" if moment.date() == start.date() else later)


def span(seconds: float, lang: str) -> str:
    """A duration as people say it: 45 min, 3 h 20 min, 2 d 4 h."""
    minutes = round(seconds / 60.0)
    day, hour, minute = ("天", "小时", "分") if lang == "zh" else ("d", "h", "min")
    if minutes < 60:
        return f"{minutes} {minute}"
    hours, rest = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} {hour} {rest} {minute}" if rest else f"{hours} {hour}"
    days, left = divmod(hours, 24)
    return f"{days} {day} {left} {hour}" if left else f"{days} {day}"


def figure(value: float) -> str:
    """A number for people: three figures that count, thousands apart, no tail of zeros."""
    if value == 0.0:
        return "0"
    if abs(value) >= 100.0:
        return f"{value:,.0f}"
    return f"{value:.1f}".rstrip("0").rstrip(".") if abs(value) >= 10.0 else f"{value:.2g}"


def shown(value: float, unit: str) -> float:
    """A figure in SI as a figure in `unit`; units of things counted (crews, vehicles, people) are as they are."""
    try:
        return from_si(value, unit)
    except UnitError:
        return value * HOUR if unit.endswith("/h") else value


def unit_name(unit: str, lang: str) -> str:
    """How a unit is written: `m³/h`, and things counted in words."""
    return named("unit", unit, lang).replace("m3", "m³").replace("m2", "m²")


def amount(value: float, unit: str, lang: str) -> str:
    """A figure in SI with the unit people read it in."""
    text = figure(shown(value, unit))
    if unit in ("", "1"):
        return text
    return f"{text} {unit_name(unit, lang)}" if lang == "zh" else in_the_singular(f"{text} {unit_name(unit, lang)}")

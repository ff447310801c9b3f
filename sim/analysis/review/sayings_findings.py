"""Words: findings, measures, and the families of names that only a review needs."""

FINDINGS: dict[str, tuple[str, str]] = {
    # ── 10 findings ──
    "findings": ("问题与措施", "Findings and measures"),
    "findings.none": (
        "日志未显示问题：应做的均按时做到，所缺的均得到补足，无人因延误死亡。",
        "No fault found: what was due was done in time, what was asked for was there, nobody was lost to delay.",
    ),
    "findings.about": (
        "共 {count} 项问题（{cases} 处次），按人员、时间、法定要求的后果排序，正文列前 {shown} 项，全"
        "表见附件。措施 {measures} 项，其中 {recorded} 项只作记录：推演中没有与之对应的环节，须由人办"
        "理。责任单位与完成日期为建议。",
        "Findings: {count} ({cases} cases), ordered by what they cost – people, then hours, then what "
        "only the law asks; the first {shown} stand here, all of them in the annex. Measures: {measures}, "
        "of which {recorded} are only recorded: nothing in the model answers to them, people have to do "
        "them. Debtors and dates are proposals.",
    ),
    "findings.problems": ("问题清单", "List of problems"),
    "findings.measures": ("措施清单", "List of measures"),
    "findings.listed": ("推演中列入两个清单并销号的事项", "Entered in the two lists in the run, and struck off"),
    "findings.note": (
        "完成日期 = 最后一个响应终止日 + 参考时限；“下次按其运行”的幅度为参考配置（models/rules/review.yaml"
        "）。采纳：review --accept 写出 measures.yaml，run --measures 按其运行。",
        "Due: end of the last response + our reference terms; by how much the next run goes by a measure "
        "is our reference configuration (models/rules/review.yaml). To accept: review --accept writes "
        "measures.yaml, run --measures goes by it.",
    ),
    "findings.all_problems": (
        "问题清单（全）",
        "List of problems, in full",
    ),
    "findings.all_measures": (
        "措施清单（全）",
        "List of measures, in full",
    ),
    "findings.cases": (
        "同类问题逐处情况",
        "Findings in many places, case by case",
    ),
    "findings.more_cases": (
        "另有 {count} 处次未列出，见 review --to json。",
        "{count} more cases are not shown; they stand in review --to json.",
    ),
    "findings.more_items": (
        "另有 {count} 项未列出，见 journal.jsonl。",
        "{count} more items are not shown; they stand in journal.jsonl.",
    ),
    "findings.matters": (
        "后果",
        "Cost",
    ),
    "findings.clause": (
        "依据",
        "Clause",
    ),
    "findings.proof": (
        "销号依据",
        "Closed by",
    ),
    "findings.verifier": (
        "核验",
        "Verified by",
    ),
    "findings.next": (
        "下次推演",
        "Next run",
    ),
    "findings.acts": (
        "按其运行",
        "goes by it",
    ),
    "findings.recorded": (
        "只记录",
        "recorded only",
    ),
    "matters.people": (
        "人员",
        "people",
    ),
    "matters.hours": (
        "时间",
        "hours",
    ),
    "matters.law": (
        "法定",
        "law",
    ),
    "findings.number": ("序", "No."),
    "findings.problem": ("问题", "Problem"),
    "findings.incident": ("事件", "Incident"),
    "findings.event": ("证据", "Evidence"),
    "findings.id": ("编号", "Id"),
    "findings.against": ("对应", "For"),
    "findings.measure": ("措施", "Measure"),
    "findings.kind": ("类别", "Kind"),
    "findings.unit": ("责任单位", "Debtor"),
    "findings.due": ("完成日期", "Due"),
    "findings.list": ("清单", "List"),
    "findings.text": ("内容", "Text"),
    "findings.struck": ("销号", "Struck off"),
    "findings.still": ("未销号", "open"),
    "find.waiting": (
        "{incident}：{count} 人在待救治时死亡，人均耗时最长的是“{wait}”（{span}）。",
        "{incident}: {count} died while waiting for care; most of the time went on “{wait}” ({span} a person).",
    ),
    "find.too_soon": (
        "{incident}：{count} 人发生后 {span}内死亡，任何力量都来不及到场。",
        "{incident}: {count} died within {span}, before anybody could have come.",
    ),
    "find.found_dead": (
        "{incident}：{count} 人被发现时已经死亡，此前无人知情。",
        "{incident}: {count} were dead when they were found; nobody had known of them.",
    ),
    "find.trapped": (
        "{incident}：{count} 人受困未及救出而死亡，人均耗时最长的是“{wait}”（{span}）。",
        "{incident}: {count} died before they were got out; most of the time went on “{wait}” ({span} a person).",
    ),
    "find.responders": (
        "{incident}：救援人员 {dead} 人牺牲、{hurt} 人受伤。",
        "{incident}: responders dead {dead}, hurt {hurt}.",
    ),
    "find.by_drill": (
        "（此项由推演设定，用以检验发现与纠正，不作为预案缺陷）",
        "(Set by the drill, to test how it is found out and put right: no fault of the plans.)",
    ),
    "find.many_both": (
        "同类问题涉及 {places} 处、{count} 次，以上为最重者，逐处情况见附件。",
        "The same in {places} places, {count} times; this is the worst, all of them stand in the annex.",
    ),
    "find.many_places": (
        "同类问题涉及 {places} 处，以上为最重者，逐处情况见附件。",
        "The same in {places} places; this is the worst, all of them stand in the annex.",
    ),
    "find.many": (
        "同类问题共 {count} 次，以上为最重者，逐次情况见附件。",
        "The same {count} times; this is the worst, all of them stand in the annex.",
    ),
    "find.waiting_many": (
        "{incident}：{places} 处共 {count} 人在待救治时死亡。最重的一处：{worst}",
        "{incident}: dead while waiting for care: {count}, in {places} places. The worst: {worst}",
    ),
    "find.trapped_many": (
        "{incident}：{places} 处共 {count} 人受困未及救出而死亡。最重的一处：{worst}",
        "{incident}: dead before they were got out: {count}, in {places} places. The worst: {worst}",
    ),
    "find.responders_many": (
        "{incident}：{places} 处共 {count} 名救援人员伤亡。最重的一处：{worst}",
        "{incident}: responders dead or hurt: {count}, in {places} places. The worst: {worst}",
    ),
    "find.responders_dead": (
        "{incident}：救援人员 {dead} 人牺牲。",
        "{incident}: responders dead {dead}.",
    ),
    "find.responders_hurt": (
        "{incident}：救援人员 {hurt} 人受伤。",
        "{incident}: responders hurt {hurt}.",
    ),
    "find.report_late": (
        "{incident}：{who}{kind}“{duty}”，超时 {late}。",
        "{incident}: {who} – {kind}: “{duty}”, by {late}.",
    ),
    "find.report_gap": (
        "{incident}：{who}{kind}，所报与所知相差：{gap}。",
        "{incident}: {who} – {kind}: told less what was known: {gap}.",
    ),
    "find.report_of": (
        "{incident}：{who}{kind}“{duty}”。",
        "{incident}: {who} – {kind}: “{duty}”.",
    ),
    "find.report": ("{incident}：{who}{kind}。", "{incident}: {who} – {kind}."),
    "find.duty_late": (
        "{who}“{duty}”超时 {late}（依据 {clause}）。",
        "{who}: “{duty}” was late by {late} (clause {clause}).",
    ),
    "find.duty_late_why": (
        "{who}“{duty}”超时 {late}（依据 {clause}）；最长的一步：{cause}。",
        "{who}: “{duty}” was late by {late} (clause {clause}); longest step: {cause}.",
    ),
    "find.duty_missed": (
        "{who}未办理“{duty}”（依据 {clause}），应于 {due} 前完成。",
        "{who}: “{duty}” was not done (clause {clause}); it was due by {due}.",
    ),
    "find.rectify": (
        "{incident}：两个清单中 {count} 项逾期销号，最长 {late}（{who}）。",
        "{incident}: items of the two lists struck off late: {count}, by up to {late} ({who}).",
    ),
    "find.belief": (
        "{incident}：{of} 份现场报告中 {count} 份人数偏差过大；最大的一份称{told}，实为{true}。",
        "{incident}: {count} of {of} reports from the spot miscounted people badly; the worst said {told}, "
        "true was {true}.",
    ),
    "find.short": (
        "{incident}：{what}缺口最大 {amount}，合计 {span}（{why}）。",
        "{incident}: short of {what} by up to {amount}, {span} in all ({why}).",
    ),
    "find.expect_late": ("预期行动“{title}”超时 {late}。", "Expected action “{title}” was late by {late}."),
    "find.expect_missed": ("预期行动“{title}”未完成。", "Expected action “{title}” was missed."),
    "find.loop": ("{incident}：闭环在“{phase}”断开（{why}）。", "{incident}: the loop is broken at “{phase}” ({why})."),
    "find.road": (
        "{road}中断，{count} 个单元驶至方知。",
        "{road} was closed; elements that learned of it by driving there: {count}.",
    ),
    "find.crowding": (
        "{incident}：进场路上等候 {count} 次，最长 {span}。",
        "{incident}: waits at the way in: {count}, {span} at the longest.",
    ),
    "find.supply": (
        "{incident}：{item}申请 {wanted}，实收 {got}（{why}）。",
        "{incident}: {item}, {wanted} asked for, {got} received ({why}).",
    ),
    "find.force": ("{force}申请未获批准：{why}。", "Refused: {force} ({why})."),
    "find.fund": (
        "{incident}：拨付资金 {paid} 元中 {amount} 元无凭证。",
        "{incident}: of {paid} yuan paid {amount} have no voucher.",
    ),
    "find.public": (
        "{incident}：{form}对外发布{told}，当时实为{true}。",
        "{incident}: the {form} told the public {told}; true was {true}.",
    ),
    # ── against ──
    "against": ("上次措施的落实", "What became of the last run's measures"),
    "against.about": (
        "对照上次运行 {digest} 的 {count} 项问题，在本次运行中逐一检验。",
        "The {count} findings of the run {digest}, looked for in this one.",
    ),
    "against.accepted": (
        "只看其中已采纳的措施（measures.yaml）。",
        "Only those whose measures were accepted (measures.yaml).",
    ),
    "against.table": ("逐项对照", "One by one"),
    "against.figures": ("主要指标对照", "Main figures"),
    "against.new": ("本次新出现的问题", "New in this run"),
    "against.id": ("编号", "Id"),
    "against.problem": ("上次的问题", "Problem then"),
    "against.measure": ("措施", "Measure"),
    "against.unit": (
        "责任单位",
        "Debtor",
    ),
    "against.carried": (
        "本次执行",
        "Carried into this run",
    ),
    "against.carried_yes": (
        "已按其运行",
        "yes",
    ),
    "against.carried_no": (
        "未采纳或未带入",
        "no",
    ),
    "against.carried_recorded": (
        "只记录",
        "recorded only",
    ),
    "against.carried_unknown": (
        "不详",
        "not known",
    ),
    "against.total": (
        "上次措施：已闭合 {closed} 项，未闭合 {open} 项，本次未检验 {untested} 项。",
        "Last run's actions: closed {closed}, still open {open}, not tested {untested}.",
    ),
    "against.undone": (
        "未完成",
        "not done",
    ),
    "against.places": (
        "{count} 处，最重 {worst}",
        "{count} times, {worst} at worst",
    ),
    "against.broken_off": (
        "{span}（到时截止，未结束）",
        "{span} (cut off, not ended)",
    ),
    "against.before": ("上次程度", "Size then"),
    "against.after": ("本次程度", "Size now"),
    "against.state": ("状态", "State"),
    "against.figure": ("指标", "Figure"),
    "against.then": ("上次", "Then"),
    "against.now": ("本次", "Now"),
    "against.closed": ("已闭合", "closed"),
    "against.better": ("未闭合，好转", "open, better"),
    "against.worse": ("未闭合，恶化", "open, worse"),
    "against.open": ("未闭合", "open"),
    "against.untested": ("本次未检验", "not tested"),
    "against.no_figures": (
        "两次运行的案例不同，程度不可比。",
        "The runs are of different cases: sizes do not compare.",
    ),
    "against.luck": (
        "一次对照可能只是运气：改进应以多个种子的区间证明。",
        "One pair may be luck: show an improvement by its interval over many seeds.",
    ),
    # ── families of names ──
    "count.trapped": ("被困", "trapped"),
    "count.threatened": ("受威胁", "threatened"),
    "count.dead": ("死亡", "dead"),
    "count.injured": ("受伤", "injured"),
    "count.missing": ("失联", "missing"),
    "count.waiting": ("待救", "waiting"),
    "count.seriously_injured": ("重伤", "seriously injured"),
    "count.below": ("未达任何等级", "below every class"),
    "count.evacuated": ("疏散", "evacuated"),
    "count.at_stake": (
        "着火和受热物料量",
        "content of vessels that burn or are heated",
    ),
    "count.area": (
        "受害面积",
        "area burnt",
    ),
    "count.magnitude": (
        "震级",
        "magnitude",
    ),
    "count.poisoned": (
        "中毒或重伤",
        "poisoned or badly hurt",
    ),
    "count.intake": (
        "取水中断影响人口",
        "people whose water intake is shut",
    ),
    "count.burst": (
        "锅炉、压力容器爆炸",
        "vessel burst",
    ),
    "count.overturned": (
        "起重机械倾覆",
        "crane overturned",
    ),
    "count.aloft": (
        "高空滞留时间",
        "time held aloft",
    ),
    "count.return_period": (
        "重现期（年）",
        "return period (years)",
    ),
    "count.stranded": (
        "滞留",
        "stranded",
    ),
    "count.without_power": (
        "停电户数",
        "customers without power",
    ),
    "count.short": (
        "饮水困难人口",
        "people short of drinking water",
    ),
    "count.cases": (
        "病例",
        "cases",
    ),
    "count.farms": (
        "疫点",
        "farms with the disease",
    ),
    "count.lost": (
        "负荷损失比例",
        "share of the load lost",
    ),
    "count.crowd": (
        "聚集",
        "people in the crowd",
    ),
    "count.loss": ("直接损失", "direct loss"),
    "way.phone": ("电话", "telephone"),
    "way.platform": ("平台", "platform"),
    "way.radio": ("电台", "radio"),
    "way.courier": ("专人", "courier"),
    "way.satellite": ("卫星", "satellite"),
    "standing.verified": ("已核实", "verified"),
    "standing.memory": ("凭记忆", "from memory"),
    "standing.config": ("参考配置", "our reference"),
    "standing.": ("–", "–"),
    "conduct.late": ("迟报", "late report"),
    "conduct.missed": ("漏报", "missed report"),
    "conduct.concealed": ("瞒报", "concealed"),
    "conduct.false": ("谎报", "false report"),
    "conduct.exposed": ("被发现", "found out"),
    "conduct.corrected": ("更正", "corrected"),
    "fault_kind.late": ("迟报", "late"),
    "fault_kind.missed": ("漏报", "missed"),
    "fault_kind.false": ("谎报", "false"),
    "fault_kind.concealed": ("瞒报", "concealed"),
    "form.notice": ("首次通报", "first notice"),
    "form.press": ("发布会", "press conference"),
    "form.update": ("续报", "update"),
    "form.refutation": ("辟谣", "refutation"),
    "form.final": ("终报", "final notice"),
    "urgency.normal": ("常规", "normal"),
    "urgency.urgent": ("紧急", "urgent"),
    "fault.right": ("无", "none"),
    "fault.short": ("数量不足", "short"),
    "fault.wrong_address": ("送错地点", "wrong address"),
    "fault.damaged": ("损坏", "damaged"),
    "fault.not_filled": ("未到", "not filled"),
    "closing.closed": ("现场处置结束", "the work on the spot was done"),
    "closing.settled": ("险情解除", "the hazard is over"),
    "closing.accounted": ("险情解除，人员核清", "the hazard is over, everyone accounted for"),
    "grounds.not_needed": ("不再需要", "no longer needed"),
    "grounds.taken_over": ("由更近的力量接替", "taken over by somebody nearer"),
    "list.problems": ("问题", "problems"),
    "list.measures": ("措施", "measures"),
}  # fmt: skip

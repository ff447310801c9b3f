"""Words: measures – their kinds, what they say, what closes them."""

MEASURES: dict[str, tuple[str, str]] = {
    "kind.practice": (
        "训练与协议",
        "training, agreement",
    ),
    "kind.monitor": (
        "监测",
        "monitoring",
    ),
    "proof.plan_version": (
        "新版预案印发文件，下次演练按其运行的记录",
        "The new version as issued, and the record of a drill run by it",
    ),
    "proof.practice": (
        "训练或协议文本，下次演练的用时",
        "Record of the training or the agreement, and the times of the next drill",
    ),
    "proof.monitor": (
        "新增监测点验收与接入记录",
        "New stations inspected and connected",
    ),
    "proof.team_home": (
        "驻防或备勤命令，出动抽查记录",
        "Order to move or stand by, and a turnout without notice",
    ),
    "proof.stock": (
        "入库（入列）清单与盘点记录",
        "Receipt into stock or service, and the count",
    ),
    "proof.duty": (
        "职责清单修订文件，下次演练同一事项的结果",
        "The list of duties as revised, and how the same came out in the next drill",
    ),
    "proof.deadline": (
        "专项训练记录，复测结果",
        "Record of the training, and the test repeated",
    ),
    "kind.plan_version": ("预案修订", "plan revision"),
    "kind.deadline": ("时限", "deadline"),
    "kind.team_home": ("力量布防", "where teams are"),
    "kind.stock": ("储备装备", "stock"),
    "kind.duty": ("职责", "duty"),
    "do.waiting_team_home": (
        "急救力量前置部署，缩短此类事件的到场时间",
        "Post ambulances forward, so that they reach such an incident sooner",
    ),
    "do.waiting_stock": (
        "增加可同时到场的急救车辆与现场救治力量",
        "Provide more ambulances and medics on the spot at once",
    ),
    "do.waiting_duty": ("接报即派救护车，不待核实完毕", "Send ambulances with the first report, before it is verified"),
    "do.prevention": (
        "加强源头防范、安全提示和自救互救：此类死亡发生在力量到场之前",
        "Prevent, warn, teach people to help themselves: such deaths come before anybody can be there",
    ),
    "do.trapped_team_home": (
        "专业救援力量前置部署或签订就近联动协议",
        "Post special rescue teams forward, or agree on the nearest ones",
    ),
    "do.trapped_stock": ("补足起决定作用的救援装备", "Provide the equipment that limits the rescue"),
    "do.trapped_duty": (
        "改进发现与报告：接报即派首批力量",
        "Notice and report sooner: send the first crews with the first report",
    ),
    "do.responders": (
        "修订预案：增加进入危险区的条件与暂停救援的条款",
        "Revise the plan: conditions for entry, and a clause to suspend the rescue",
    ),
    "do.report": ("明确报告责任人，纳入负面清单考核", "Name who reports, and enter it in the negative list"),
    "do.platform": ("{who}接入平台，电话通知改为平台推送", "Put {who} on the platform instead of telephoning"),
    "do.desk": ("{who}实行二十四小时值守，夜间有人接收通知", "Man {who} around the clock: a notice at night is read"),
    "do.plan_notify": ("修订预案：把{who}列为第一通知对象（“{duty}”）", "Revise the plan: tell {who} first (“{duty}”)"),
    "do.plan_faster": (
        "修订预案：{who}按时限配齐人手，“{duty}”在时限内办结",
        "Revise the plan: staff {who} so that “{duty}” is done within its time",
    ),
    "do.above": (
        "报请{above}按时限办理“{duty}”，提前报送所需材料",
        "Ask {above} to do “{duty}” in time, and send what it needs beforehand",
    ),
    "do.duty": ("明确“{duty}”的责任人与时限提醒", "Name who answers for “{duty}”, with a reminder of its deadline"),
    "do.rectify": ("整改清单按月督办，逾期提级", "Follow the list up monthly, and raise what is overdue"),
    "do.belief": (
        "首报后限时回拨核实人数并报更正",
        "Call back after the first report to verify the count, and correct it",
    ),
    "do.short_none_exists": ("建设或协议引入“{what}”能力", "Build, or agree on, the capability “{what}”"),
    "do.short_none_free": ("增加“{what}”的后备力量", "Provide reserves of “{what}”"),
    "do.short_none_reachable": (
        "“{what}”力量分点布防，避免道路中断时无力可派",
        "Spread “{what}” over several places, against the loss of a road",
    ),
    "do.expect": ("针对“{title}”开展专项训练并复测", "Train for “{title}” and test it again"),
    "do.loop": ("指定“{phase}”的办理人与核验人", "Name who does and who verifies “{phase}”"),
    "do.road": (
        "建立路况即时通报，中断信息同步到全部在途单元",
        "Tell every element under way of a closed road at once",
    ),
    "do.entry": (
        "预案增设现场外集结区，专人调度进场，提高现场容量",
        "Give the plan a staging area and an officer for the order of entry: more find room",
    ),
    "do.plan_stand_in": (
        "修订预案：{who}为“{duty}”明确责任人与替补人，缩短办理",
        "Revise the plan: {who} names who does “{duty}” and who stands in",
    ),
    "do.callers": (
        "{who}增加值班通知席位，同时通知更多单位，不再排队",
        "{who}: more officers who telephone at the same time, so that notices do not queue",
    ),
    "do.grading": (
        "{who}开展研判分级训练，边核实边分级",
        "{who}: train grading, and grade while verifying",
    ),
    "do.writing": (
        "{who}使用统一报告模板并限时训练，缩短成文",
        "{who}: one form for reports, and drill writing it in time",
    ),
    "do.line": (
        "{who}开通事故报告专线，值班双岗接报",
        "{who}: a direct line for reports, with two at the desk",
    ),
    "do.staffing": (
        "{who}预置指挥部与工作组名单，专项拉动，缩短到位",
        "{who}: lists of who staffs command and groups, called out in drills",
    ),
    "do.consulting": (
        "{who}组织平台会商训练，材料预制、视频直连",
        "{who}: train joint consultation on the platform, papers ready beforehand",
    ),
    "do.searching": (
        "{who}预先明确转入搜寻的论证程序与专家",
        "{who}: settle beforehand how, and by which experts, a rescue becomes a search",
    ),
    "do.raising": (
        "{who}明确扩大响应的触发值并训练，达到即报",
        "{who}: triggers for raising the response, drilled",
    ),
    "do.supplies": (
        "{who}与物资部门约定先调后补手续",
        "{who}: agree with the depots that goods move first and papers follow",
    ),
    "do.loading": (
        "{who}预置装车单元、训练夜间装卸",
        "{who}: loads made up beforehand, loading by night drilled",
    ),
    "do.signing": (
        "{who}训练交接签收，专人在场",
        "{who}: drill handing over, somebody on the spot to sign",
    ),
    "do.packing": (
        "{who}训练出库复核与押运，减少短少和错送",
        "{who}: check what leaves and escort it: less goes short or astray",
    ),
    "do.funds": (
        "{who}与财政部门约定应急资金先拨后结",
        "{who}: agree with the treasury that emergency money is paid first and settled after",
    ),
    "do.agreement": (
        "与{organ}签订联动协议，预先明确申请要件，缩短审批",
        "An agreement with {organ}: what a request must say is settled, the answer comes sooner",
    ),
    "do.theatres": (
        "{who}组织医院备班手术组与分流预案，增加可用手术台",
        "{who}: operating teams on call and a plan for sharing patients: more theatres",
    ),
    "do.standby": (
        "{team}实行驻队备勤，不再临时召集",
        "{team} stands by at its station instead of being called in",
    ),
    "do.forward": (
        "{team}派 {count} 个{element}前置驻防{place}",
        "{team}: station {count} of {element} forward at {place}",
    ),
    "do.more": (
        "为{team}增加 {count} 个{element}",
        "{team}: {count} more of {element}",
    ),
    "do.watch": (
        "扩大{where}“{what}”的监测覆盖",
        "Watch more places in {where} for “{what}”",
    ),
    "do.send_first": (
        "接报即派首批力量，核实同步进行",
        "Send the first crews with the first report, and verify meanwhile",
    ),
    "do.supply": ("补足本级“{item}”储备并签订供应协议", "Stock {item} and contract for more"),
    "do.force_ground": (
        "为{force}不能飞行时（{why}）预备地面替代力量",
        "Keep a way on the ground ready for when {force} cannot fly ({why})",
    ),
    "do.force": (
        "与有权机关商定“{force}”的申请要件与时限",
        "Agree what a request for {force} must say, and how long it takes",
    ),
    "do.fund": (
        "拨付与凭证同步，专账管理，缩小无凭证比例",
        "Vouchers with every payment, a separate ledger: less stays unaccounted for",
    ),
    "do.public": ("对外数字先核实、只出一个口径", "Verify before publishing; one figure only"),
}  # fmt: skip

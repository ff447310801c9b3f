"""Words: headquarters, in Chinese and English."""

TABLE: dict[str, tuple[str, str]] = {
    "event.plan_activated": (
        "{post}对“{incident}”启动{plan}{level}响应（{clause}）",
        "{post} activates the plan {plan} for “{incident}” at {level} ({clause})",
    ),
    "event.command_formed": (
        "{command}就“{incident}”开始运转，总指挥：{chief}（{clause}）",
        "The {command} is at work on “{incident}”, led by {chief} ({clause})",
    ),
    "event.group_staffed": (
        "“{incident}”{group}到位，牵头：{lead}",
        "The group “{group}” for “{incident}” is complete, led by {lead}",
    ),
    "event.unit_notified": (
        "{post}经{channel}通知{unit}：“{incident}”",
        "{post} tells {unit} of “{incident}” by {channel}",
    ),
    "event.unit_acknowledged": (
        "{unit}签收“{incident}”通知并开始办理",
        "{unit} has the notice of “{incident}” and sets to work",
    ),
    "event.task_arose": (
        "{unit}须办“{title}”（{clause}）{due}",
        "{unit} owes “{title}” ({clause}){due}",
    ),
    "event.task_done": ("{unit}办结“{title}”", "{unit} has done “{title}”"),
    "event.scene_called": (
        "会商连线“{incident}”现场（{means}），现场随即报告",
        "The scene of “{incident}” is called in by {means} and reports at once",
    ),
    "event.consulted": (
        "“{incident}”{means}会商结束，{count}家单位参加，意见：{finding}",
        "A consultation on “{incident}” by {means} with {count} units ends: {finding}",
    ),
    "event.published": (
        "{post}就“{incident}”{published}：{figures}",
        "{post} {published} on “{incident}”: {figures}",
    ),
    "event.toll_stated": (
        "{post}掌握“{incident}”{extent}：死亡{dead}人，失联被困{missing}人，受伤{injured}人",
        "{post} has of “{incident}”{extent}: {dead} dead, {missing} missing, {injured} injured",
    ),
    "event.response_suspended": (
        "{post}为救援人员安全暂停“{incident}”作业（{why}；{clause}）",
        "{post} suspends the work at “{incident}” for the rescuers' safety ({why}; {clause})",
    ),
    "event.response_resumed": (
        "{post}恢复“{incident}”作业（{clause}）",
        "{post} lets the work at “{incident}” go on ({clause})",
    ),
    "event.rescue_became_search": (
        "{post}决定“{incident}”由救援转入搜寻，失联{missing}人（{clause}）",
        "{post} turns the rescue at “{incident}” into a search for {missing} missing ({clause})",
    ),
    "event.alarm_raised": (
        "{system}告警：{county}，转{post}核实",
        "Alarm of {system} in {county}: {post} is to check it",
    ),
    "event.alarm_dismissed": (
        "{post}核实{system}告警：误报，用时{took}",
        "{post} has checked the alarm of {system}: nothing, at the cost of {took}",
    ),
    "event.warning_issued": (
        "{system}监测系统对{county}发布{signal}{colour}预警",
        "The {system} system warns {county} of {signal}: {colour}",
    ),
    "event.item_listed": (
        "“{incident}”列入{table}：{text}",
        "“{incident}”: listed as {table}: {text}",
    ),
    "told.of": ("{who}，{what}", "{who}, {what}"),
    "event.item_closed": ("“{incident}”{item}整改销号：{unit}", "“{incident}”: {item} of {unit} is struck off"),
    "event.plan_revised": (
        "{plan}修订为第{version}版（依据“{incident}”{item}）",
        "The plan {plan} is revised to version {version} (out of {item} of “{incident}”)",
    ),
    "event.phase_reopened": (
        "“{incident}”环节“{phase}”重新打开：{why}",
        "The phase “{phase}” of “{incident}” is open again: {why}",
    ),
    "event.field_ended": ("现场阶段结束：{reason}", "The field ends: {reason}"),
    "told.system": ("{system}监测系统", "the {system} monitoring system"),
    "told.due": ("，{due}前", " by {due}"),
    "told.figures": (
        "死亡{dead}人、失联{missing}人、受伤{injured}人",
        "{dead} dead, {missing} missing, {injured} hurt",
    ),
    "told.extent": ("（含次生，{places}处）", " and what followed, {places} places"),
    "told.everywhere": ("全市", "the whole city"),
    "channel.platform": ("平台", "platform"),
    "channel.phone": ("电话", "telephone"),
    "channel.radio": ("电台", "radio"),
    "channel.satellite": ("卫星电话", "satellite telephone"),
    "channel.courier": ("专人送达", "messenger"),
    "means.video": ("视频", "video"),
    "means.phone": ("电话", "telephone"),
    "means.on_site": ("当面", "meeting in person"),
    "finding.over": ("险情已解除，转入收尾", "the hazard is over"),
    "finding.reinforce": ("力量不足，请求增援", "more forces are needed"),
    "finding.evacuate": ("转移受威胁人员", "those in danger must be moved"),
    "finding.go_on": ("按既定方案处置", "go on as planned"),
    "published.notice": ("发布首次通报", "publishes a first notice"),
    "published.press": ("召开新闻发布会", "holds a press conference"),
    "published.update": ("发布续报信息", "publishes an update"),
    "published.refutation": ("发布辟谣信息", "publishes a refutation"),
    "published.final": ("发布处置结束通报", "publishes a final notice"),
    "form.notice": ("首次通报", "first notice"),
    "form.press": ("新闻发布会", "press conference"),
    "form.update": ("续报信息", "update"),
    "form.refutation": ("辟谣信息", "refutation"),
    "form.final": ("处置结束通报", "final notice"),
    "colour.1": ("红色", "red"),
    "colour.2": ("橙色", "orange"),
    "colour.3": ("黄色", "yellow"),
    "colour.4": ("蓝色", "blue"),
    "table.problems": ("问题清单", "a problem"),
    "table.measures": ("措施清单", "a measure"),
    "what.search": ("救援转搜寻", "The rescue became a search"),
    "why.ordered": ("导调指令", "ordered by exercise control"),
    "reopened.check_failed": ("复查不合格", "a check failed"),
    "reopened.new_victims": ("伤亡数字补报", "there are new victims"),
}

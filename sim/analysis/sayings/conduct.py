"""Words of conduct, in Chinese and English."""

TABLE: dict[str, tuple[str, str]] = {
    "event.report_withheld": (
        "{sender}{why}：应报{receiver}而未报",
        "{sender} keeps back a report owed to {receiver} ({why})",
    ),
    "event.report_falsified": (
        "{sender}所报与所知不符：知 {believed}，报 {told}",
        "{sender} tells other figures than it believes: believes {believed}, tells {told}",
    ),
    "event.conduct_exposed": (
        "{sender}的报送问题被{by}查出（{how}）",
        "What {sender} did with its reports comes out by {by} ({how})",
    ),
    "event.casualties_corrected": (
        "{post}更正伤亡：死亡 {dead}，失联 {missing}，受伤 {injured}",
        "{post} corrects the casualties: {dead} dead, {missing} missing, {injured} hurt",
    ),
    "conduct.late": ("迟报", "late"),
    "conduct.missed": ("漏报", "incomplete"),
    "conduct.false": ("谎报", "false"),
    "conduct.concealed": ("瞒报", "concealed"),
    "conduct.tip": ("群众举报", "a tip from the public"),
    "conduct.family": ("家属报警、投诉", "the families ask"),
    "conduct.hospital": ("聚集性伤情报告", "several hurt from one place"),
    "conduct.inquiry": ("上级核查", "a check from above"),
    "conduct.seen": ("现场所见", "seen on the spot"),
    "conduct.head_count": ("现场清点", "a head-count"),
    "by.hospital": ("医疗机构", "a hospital"),
    "sender.hospital": ("医疗机构", "a hospital"),
    "sender.unit": ("事发单位", "the unit concerned"),
    "count.dead": ("死亡", "dead"),
    "count.trapped": ("被困", "trapped"),
    "count.threatened": ("受威胁", "in danger"),
    "count.injured": ("受伤", "hurt"),
    "count.seriously_injured": ("重伤", "badly hurt"),
}

"""Words for a disaster told as one."""

TABLE: dict[str, tuple[str, str]] = {
    "disaster.toll": (
        "死亡 {dead} 人，失联被困 {missing} 人，受伤 {injured} 人（{places} 处合计，{post} {at} 掌握）",
        "{dead} dead, {missing} missing or trapped, {injured} injured ({places} places together, as {post} had it {at})",
    ),
    "disaster.toll_one": (
        "死亡 {dead} 人，失联被困 {missing} 人，受伤 {injured} 人（{post} {at} 掌握）",
        "{dead} dead, {missing} missing or trapped, {injured} injured (as {post} had it {at})",
    ),
    "disaster.toll_is": ("灾情：{toll}", "Toll: {toll}"),
    "disaster.first_is": ("首支力量：{first}", "First on the spot: {first}"),
    "disaster.first": (
        "灾区内最早 {any}（{where}），事发地 {origin}",
        "anywhere {any} ({where}), where it began {origin}",
    ),
    "disaster.first_one": ("{any}（{where}）", "{any} ({where})"),
    "disaster.after": ("{at}（接报后 {span}）", "{at} ({span} after the report)"),
    "disaster.nobody": ("无力量到场", "nobody"),
    "disaster.followed": ("次生 {count} 起：{kinds}", "{count} followed: {kinds}"),
    "disaster.kind": ("{kind} {count}", "{kind} {count}"),
    "disaster.needs": ("按受灾轻重", "By need"),
    "disaster.place": (
        "伤亡被困 {harmed} 人，其中死亡 {dead} 人；{first}",
        "{harmed} hurt, trapped or dead, {dead} of them dead; {first}",
    ),
    "disaster.place_first": ("{at} 首支力量到场", "first on the spot {at}"),
    "disaster.more": ("另有 {count} 处，伤亡被困 {harmed} 人", "{count} more places with {harmed} people"),
    "moment.first_anywhere": ("首支力量到达灾区：{where}", "First on the spot, anywhere: {where}"),
    "moment.first_at_origin": ("首支力量到达事发地：{where}", "First on the spot where it began: {where}"),
    "moment.followed": ("一小时内引发次生事件 {count} 起：{kinds}", "Within the hour {count} more followed: {kinds}"),
}

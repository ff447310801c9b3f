"""Words: stores, in Chinese and English."""

TABLE: dict[str, tuple[str, str]] = {
    "event.supply_asked": (
        "[{incident}] {post}申请{item} {amount}{again}，运至{to}{means}",
        "[{incident}] {post} asks for {item}: {amount}{again}, to {to}{means}",
    ),
    "supply_again": ("（其中补短少 {amount}）", " ({amount} of it re-ordered, as loads were short)"),
    "event.supply_passed_up": (
        "[{incident}] {post}向{of}申请{item} {amount}，运至{to}{means}",
        "[{incident}] {post} asks {of} for {item}: {amount}, to {to}{means}",
    ),
    "event.supply_allotted": (
        "[{incident}] {depot}调出{item} {amount}，结存 {left}",
        "[{incident}] {depot} gives {item}: {amount}; it keeps {left}",
    ),
    "event.supply_none_left": ("[{incident}] {depot}无{item}可调", "[{incident}] {depot} has nothing left of {item}"),
    "event.supply_loaded": (
        "[{incident}] {convoy}装载{item} {amount}",
        "[{incident}] {convoy} is loaded with {item}: {amount}",
    ),
    "event.supply_signed": (
        "[{incident}] 签收{item} {amount}{why}（{convoy}）",
        "[{incident}] {item} signed for: {amount}{why} ({convoy})",
    ),
    "event.supply_handed_out": (
        "[{incident}] {item} {amount}发放到位",
        "[{incident}] {item} handed out: {amount}",
    ),
    "event.supply_refused": (
        "[{incident}] {item}尚缺 {amount}，上级已无可调",
        "[{incident}] {item}: {amount} remain unfilled, no level above has any",
    ),
    "event.convoy_departed": (
        "[{incident}] {convoy}（{trucks} 车）自{start}出发，前往{to}，预计 {takes} 后到达{why}",
        "[{incident}] {convoy} ({trucks} lorries) sets out from {start} for {to}, expected in {takes}{why}",
    ),
    "event.convoy_held": (
        "[{incident}] {convoy}在{node}受阻，无路可行",
        "[{incident}] {convoy} is held at {node}: no way on is known",
    ),
    "event.convoy_stopped": (
        "[{incident}] {convoy}在{node}发现{link}不通",
        "[{incident}] {convoy} at {node} finds {link} closed",
    ),
    "event.convoy_arrived": (
        "[{incident}] {convoy}到达{node}{astray}",
        "[{incident}] {convoy} arrives at {node}{astray}",
    ),
    "event.fund_asked": (
        "[{incident}] {post}测算{purpose} {amount}，向{of}申请{back}",
        "[{incident}] {post} reckons with {amount} for {purpose} and asks {of}{back}",
    ),
    "event.fund_own": (
        "[{incident}] {post}测算{purpose} {amount}，动用本级预备费{back}",
        "[{incident}] {post} reckons with {amount} for {purpose}, out of its own reserve{back}",
    ),
    "event.fund_approved": (
        "[{incident}] {post}批准预备费 {amount}，余 {left}",
        "[{incident}] {post} releases {amount} from its reserve, in which {left} remain",
    ),
    "event.fund_none_left": (
        "[{incident}] {post}预备费已无余额",
        "[{incident}] nothing is left in the reserve of {post}",
    ),
    "event.fund_paid": ("[{incident}] {amount}拨付到{to}", "[{incident}] {amount} paid to {to}"),
    "event.fund_audited": (
        "[{incident}] 应急资金审计：有凭证 {vouched}，无凭证 {unaccounted}",
        "[{incident}] audit of the emergency money: {vouched} with voucher, {unaccounted} without",
    ),
    "supply_means.phone": ("（电话先行，书面补报）", " (by phone, the paper follows)"),
    "supply_why.short": ("，应到 {sent}，短少", " of {sent} sent: short"),
    "supply_why.wrong_address": ("，曾误送他处", ", after a place it was not for"),
    "supply_why.carried": ("，道路不通，人力接运", ", carried on foot from where the road ends"),
    "convoy_why.closed": ("（道路不通，改道）", " (road closed, another way)"),
    "convoy_why.roads": ("（路况变化，改道）", " (roads changed, another way)"),
    "convoy_why.astray": ("（误送后转送）", " (on from the wrong place)"),
    "convoy_astray.yes": ("（误送）", " (the wrong place)"),
    "fund_purpose.aid": ("生活救助资金", "living aid"),
    "fund_purpose.rescue": ("抢险救援费用", "the rescue"),
    "fund_back.yes": ("（由责任单位承担，政府垫付）", " (advanced; the unit at fault pays)"),
    "convoy": ("{depot}第 {number} 车队", "convoy {number} of {depot}"),
    "yuan": ("{amount} 元", "{amount} yuan"),
}

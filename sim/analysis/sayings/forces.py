"""Words: forces that others decide over, in Chinese and English; and what their requests say."""

from __future__ import annotations

from typing import Protocol

from sim.domain import events as ev
from sim.journal.cast import Cast

TABLE: dict[str, tuple[str, str]] = {
    "event.force_asked": (
        "{post}按{channel}请求{force}支援：{strength}（{area}；{danger}；{measures}）",
        "{post} asks for {force} through the {channel} channel: {strength} ({area}; {danger}; {measures})",
    ),
    "event.force_answered": ("{said}", "{said}"),
    "event.force_tasked": (
        "指挥部向{force}下达任务：{task}，由{officer}指挥",
        "{force} gets its task, {task}, under {officer}",
    ),
    "event.force_set_out": ("{force}从市外开进，{people}人", "{force} sets out from beyond the city, {people} people"),
    "event.force_released": ("{force}任务结束，归建", "{force} is let go"),
    "event.force_stood_down": (
        "{force}{elements}个单元解除待命：{because}",
        "{force}: {elements} elements stood down; {because}",
    ),
    "stood_down.covered": ("已到位和先到力量足以承担", "those who are there, or will be sooner, can do it all"),
    "stood_down.done": ("所担任务已完成，其余已有力量承担", "its task is done, and others do the rest"),
    "stood_down.closed": ("响应结束", "the response is over"),
    "force.place": ("{place}（{count}个单元）", "{place} ({count})"),
    "channel.normal": ("正常渠道", "normal"),
    "channel.urgent": ("紧急渠道", "urgent"),
    "answer.approved": ("{by}批准{force}出动", "{by} lets {force} go"),
    "answer.refused": ("{by}未批准{force}出动：{why}", "{by} does not let {force} go: {why}"),
    "answer.confirmed": ("{by}补办确认对{force}的直接请求", "{by} confirms the direct request to {force}"),
    "answer.moved": (
        "{force}接直接请求，即可行动并上报",
        "{force}, asked directly, is ready to move at once and reports up",
    ),
    "agreed.approved": ("批准", "approved"),
    "agreed.refused": ("未批准", "refused"),
    "agreed.confirmed": ("补办确认", "confirmed afterwards"),
    "barred.night": ("天黑，不具备飞行条件", "no daylight to fly in"),
    "barred.fog": ("大雾，不具备飞行条件", "fog"),
    "barred.wind": ("风力过大，不具备飞行条件", "too much wind"),
    "barred.rain": ("雨势过大，不具备飞行条件", "too much rain"),
    "force.danger": (
        "可能{severity}，被困{trapped}人、受威胁{threatened}人、待救{waiting}人",
        "may become {severity}; {trapped} trapped, {threatened} threatened, {waiting} waiting",
    ),
    "force.measures": ("已派{elements}个单元{people}人", "{elements} elements with {people} people sent"),
    "force.element": ("{kind}{count}个", "{count} of {kind}"),
}


class Says(Protocol):
    """What a teller can do, as far as it is needed here."""

    cast: Cast
    lang: str

    def say(self, key: str, **facts: object) -> str:
        """The words of a key."""

    def named(self, family: str, name: object) -> str:
        """One of a family of names."""

    def node(self, name: str) -> str:
        """What a place is called."""

    def capability(self, code: str) -> str:
        """What a capability is called."""

    def listed(self, parts: list[str]) -> str:
        """Parts in a row."""


def facts(teller: Says, event: ev.Event) -> dict[str, object]:
    """What the fields of an event about a force are called."""
    force = teller.cast.forces.get(name := str(getattr(event, "force", "")))
    said: dict[str, object] = {"force": force.name.of(teller.lang) if force else name}
    match event:
        case ev.ForceStoodDown(elements=elements, why=why):
            said |= {"elements": elements, "because": teller.named("stood_down", why)}
        case ev.ForceAsked(channel=channel, content=content):
            said |= {"channel": teller.named("channel", channel), **_content(teller, content)}
        case ev.ForceAnswered(by=by, answer=answer, why=why):
            organ = force.organ_name.of(teller.lang) if force else by
            key = "answer.moved" if by == name and answer == "approved" else f"answer.{answer}"
            said["said"] = teller.say(key, **said, by=organ, why=teller.named("barred", why))
        case ev.ForceTasked(task=task, officer=officer):
            officer = force.officer.of(teller.lang) if force else officer
            said |= {"task": teller.capability(task), "officer": officer}
    return said


def pairs(text: str) -> dict[str, str]:
    """`a=1 b=2` as a table."""
    return dict(part.split("=", 1) for part in text.split() if "=" in part)


def _content(teller: Says, content: dict[str, str]) -> dict[str, object]:
    nothing = {"severity": "1", "trapped": "0", "threatened": "0", "waiting": "0", "elements": "0", "people": "0"}
    danger, measures = (nothing | pairs(content.get(name, "")) for name in ("danger", "measures"))
    places = [_place(teller, *part.partition("=")[::2]) for part in content.get("area", "").split()]
    danger["severity"] = teller.named("severity", danger["severity"])
    return {
        "area": teller.listed(places),
        "danger": teller.say("force.danger", **danger),
        "measures": teller.say("force.measures", **measures),
        "strength": teller.listed(
            [
                teller.say("force.element", kind=_kind(teller, k), count=n)
                for k, n in pairs(content.get("strength", "")).items()
            ]
        ),
    }


def _place(teller: Says, code: str, count: str) -> str:
    town = teller.cast.towns.get(code)
    name = town.of(teller.lang) if town else teller.node(code)
    return teller.say("force.place", place=name, count=count) if count else name


def _kind(teller: Says, code: str) -> str:
    known = teller.cast.kinds.get(code)
    return known.name.of(teller.lang) if known else code

"""What is told of a headquarters: plans, commands, groups, units and tasks by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.analysis.words import amount, clock, either
from sim.domain import events as ev
from sim.journal.cast import Words

if TYPE_CHECKING:
    from sim.analysis.telling import Teller

_PEOPLE = ("dead", "missing", "injured")


def facts(teller: Teller, event: ev.Event) -> dict[str, object]:  # noqa: PLR0911, PLR0912 - a case a kind is the plainest
    """The facts of an event of a headquarters as people read them; empty for any other."""
    cast, lang, named = teller.cast, teller.lang, teller.named

    def name(table: dict[str, Words], key: str) -> str:
        if table is cast.units:
            return teller.office(key, str(getattr(event, "incident", "")), str(getattr(event, "county", "")))
        return either(table, key, lang)

    match event:
        case ev.Discovered(by=by) if by in cast.monitors:
            return {"by": teller.say("told.system", system=name(cast.monitors, by))}
        case ev.ReportSent(sender=sender) if sender in cast.monitors:
            return {"sender": teller.say("told.system", system=name(cast.monitors, sender))}
        case ev.PlanActivated(plan=plan):
            return {"plan": name(cast.plans, plan)}
        case ev.CommandFormed(command=command, chief=zh, chief_en=en):
            return {"command": name(cast.commands, command), "chief": Words(zh, en).of(lang)}
        case ev.GroupStaffed(group=group, lead=lead):
            return {"group": name(cast.groups, group), "lead": name(cast.units, lead)}
        case ev.UnitNotified(unit=unit, channel=channel):
            return {"unit": name(cast.units, unit), "channel": named("channel", channel)}
        case ev.UnitAcknowledged(unit=unit):
            return {"unit": name(cast.units, unit)}
        case ev.TaskArose(unit=unit, title_zh=zh, title_en=en, due_at=due):
            by = teller.say("told.due", due=clock(cast.starts_at, due)) if due is not None else ""
            return {"unit": name(cast.units, unit), "title": Words(zh, en).of(lang), "due": by}
        case ev.TaskDone(unit=unit, task=task):
            return {"unit": name(cast.units, unit), "title": name(cast.tasks, task)}
        case ev.TaskLapsed(unit=unit, task=task, why=why):
            return {"unit": name(cast.units, unit), "title": name(cast.tasks, task), "why": named("lapsed", why)}
        case ev.Consulted(units=units, means=means, finding=finding):
            return {"count": len(units), "means": named("means", means), "finding": named("finding", finding)}
        case ev.SceneCalled(means=means):
            return {"means": named("means", means)}
        case ev.Published(form=form):
            return {"published": named("published", form), "figures": _bulletin(teller, event)}
        case ev.TollStated(places=places):
            return {"extent": teller.say("told.extent", places=places) if places > 1 else ""}
        case ev.ResponseSuspended(incident=incident, why=why):
            return {"why": named("why", why) if why == "ordered" else teller.happening(incident, why)}
        case ev.WarningIssued(system=system, nature=signal, county=county, colour=colour):
            where = cast.counties[county].name.of(lang) if county in cast.counties else teller.say("told.everywhere")
            return {
                "system": name(cast.monitors, system), "signal": name(cast.monitors, signal), "county": where,
                "colour": named("colour", colour),
            }  # fmt: skip
        case ev.AlarmRaised(system=system, county=county):
            return {"system": name(cast.monitors, system), "county": cast.counties[county].name.of(lang)}
        case ev.AlarmDismissed(system=system, took=took):
            return {"system": name(cast.monitors, system), "took": amount(took, "min", lang)}
        case ev.ItemListed(table=table, unit=unit):
            text, who = teller.entered(event), name(cast.units, unit)  # a problem says itself whose it is
            return {
                "table": named("table", table),
                "text": text if who in text else teller.say("told.of", who=who, what=text),
            }
        case ev.ItemClosed(unit=unit):
            return {"unit": name(cast.units, unit), "item": _item(event)}
        case ev.PlanRevised(plan=plan):
            return {"plan": name(cast.plans, plan), "item": _item(event)}
        case ev.PhaseReopened(phase=phase, why=why):
            titles = {duty.id: duty.title for duty in cast.phases}
            return {"phase": name(titles, phase), "why": named("reopened", why)}
        case ev.FieldEnded(reason=reason):
            return {"reason": named("end", reason)}
    return {}


def _bulletin(teller: Teller, said: ev.Published) -> str:
    """What a bulletin says of people, and of what the severity of the accident goes by."""
    people = {name: f"{said.figures.get(name, 0.0):g}" for name in _PEOPLE}
    known = any(said.figures.get(name) for name in _PEOPLE)
    text = teller.say("told.figures", **people) if known else teller.say("told.nobody")
    counted = [
        teller.say(
            "told.figure", name=scale.name.of(teller.lang), amount=amount(said.figures[name], scale.unit, teller.lang)
        )
        for name, scale in teller.hazard(said.incident).counted.items()
        if name in said.figures and name not in _PEOPLE
    ]
    return text + "".join(counted)


def _item(event: ev.ItemClosed | ev.PlanRevised) -> str:
    """An item of the lists as it stands beside its incident's name: M1."""
    return event.item.removeprefix(event.incident).lstrip("-") or event.item

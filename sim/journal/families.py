"""Which accidents belong together: one and all that followed it while its response went on are a disaster (灾害事件)."""

from __future__ import annotations

from sim.domain import events as ev


class Families:
    """A fold of the journal: the accident that each incident goes back to, and what belongs to it."""

    def __init__(self) -> None:
        self._roots: dict[str, str] = {}
        self._members: dict[str, list[str]] = {}  # by root, in the order in which they began; itself first
        self._alone: set[str] = set()  # ordinary ones, and those that are closed: what follows them begins anew

    def take(self, event: ev.Event) -> None:
        """An event of the journal, in order."""
        match event:
            case ev.IncidentOccurred(incident=incident):
                root = self._roots.get(event.parent, "")
                if not root or root in self._alone:
                    root = incident
                self._roots[incident] = root
                self._members.setdefault(root, []).append(incident)
                if event.ordinary:
                    self._alone.add(incident)
            case ev.IncidentClosed(incident=incident):
                self._alone.add(incident)
            case _:
                pass

    def root(self, incident: str) -> str:
        """The accident that an incident goes back to; itself, if it followed none whose response went on."""
        return self._roots.get(incident, incident)

    def members(self, root: str) -> list[str]:
        """A disaster's incidents, the first one first; none, if it is not the first of one."""
        return self._members.get(root, [])

"""Every kind of event can be written, read back and applied: adding one is a class, a line and a method."""

from __future__ import annotations

import inspect
import typing

import msgspec
import pytest

from sim.domain import events
from sim.journal.world import World

KINDS = [
    cls
    for _, cls in inspect.getmembers(events, inspect.isclass)
    if issubclass(cls, events.Event) and cls is not events.Event
]


def test_every_event_class_may_stand_in_a_journal():
    """AnyEvent, which reads journals, names every class there is."""
    assert set(typing.get_args(events.AnyEvent)) == set(KINDS)


def test_the_world_knows_every_kind():
    """No event can happen that the fold has no answer to."""
    assert World().kinds == set(KINDS)


@pytest.mark.parametrize("cls", KINDS, ids=lambda cls: cls.__name__)
def test_an_event_says_what_it_is(cls):
    """Each has a docstring that is a sentence, a tag in the field `kind`, and the three fields all events share first."""
    tag = cls.__struct_config__.tag

    assert (cls.__doc__ and cls.__doc__.strip().split("\n")[0][-1] in ".;:,") or "." in cls.__doc__
    assert tag == "".join("_" + c.lower() if c.isupper() else c for c in cls.__name__).lstrip("_")
    assert cls.__struct_fields__[:3] == ("seq", "t", "cause")


def test_a_line_of_the_journal_reads_back_as_what_was_written():
    """Encoding and decoding through the union gives an equal event, floats exactly."""
    event = events.Departed(
        7, 634.201, 3, "S1", "T1/01", "T1", 9, "F1", "site", "B", ("A", "B"), ("AB",), (0.1 + 0.2,), 700.3
    )

    assert msgspec.json.decode(msgspec.json.encode(event), type=events.AnyEvent) == event

"""The cast: what stands beside the journal, written and read back."""

from __future__ import annotations

import msgspec
import pytest

from sim import catalog
from sim.journal import cast as c
from sim.scenario.cast import words_of
from sim.units import dimension_of


def test_a_cast_reads_back_as_it_was_written(cast: c.Cast) -> None:
    """Nothing is lost on the way to the file and back, and the same cast is the same bytes."""
    assert c.decode(c.encode(cast)) == cast
    assert c.encode(cast) == c.encode(c.decode(c.encode(cast)))


def test_what_is_no_cast_is_refused() -> None:
    """A file of another kind is an error of the file, not a half-read cast."""
    with pytest.raises(msgspec.ValidationError):
        c.decode(b'{"case": 1}')


def test_a_missing_language_falls_back_to_the_other() -> None:
    """Better a name in the other language than none."""
    assert (c.Words("镇", "").of("en"), c.Words("", "town").of("zh"), c.Words("镇", "town").of("en")) == (
        "镇",
        "town",
        "town",
    )


@pytest.mark.parametrize("name", sorted(catalog.hazards()))
def test_the_words_of_every_hazard_card_are_taken_over(name: str) -> None:
    """Causes, scope, readings, figures, events and demands have both languages; units are units."""
    card = catalog.hazard(name).card
    words = words_of(card)

    for table in ("causes", "scope", "readings", "figures", "events", "demands"):
        assert getattr(words, table).keys() == getattr(card, table).keys()
    named = [words.title, *words.causes.values(), *words.events.values(), *words.demands.values()]
    scales = [*words.scope.values(), *words.readings.values(), *words.figures.values()]
    assert all(w.zh and w.en for w in (*named, *(s.name for s in scales)))
    assert all(dimension_of(s.unit) for s in scales)

"""Columns: how wide those of a table must be for what stands in them."""

from __future__ import annotations

import unicodedata

from sim.analysis.review.blocks import Table

_LINE = 104.0  # letters in a line across the page, in the type of tables; a Chinese sign takes two
_EDGE = 2.5  # letters that the rims of a cell take


def fitted(table: Table) -> tuple[float, ...]:
    """The shares of a table's columns: none wider than its longest text, what is left over goes to those that need more."""
    total = sum(table.widths)
    shares = [_LINE * width / total for width in table.widths]
    needs = [_EDGE + max(length(text) for text in column) for column in zip(table.head, *table.rows, strict=True)]
    given = [min(share, need) for share, need in zip(shares, needs, strict=True)]
    for _ in given:  # each round fills one column at least
        spare = _LINE - sum(given)
        short = [n for n, (width, need) in enumerate(zip(given, needs, strict=True)) if width < need - 1e-9]
        if spare <= 1e-9 or not short:
            break
        part = sum(shares[n] for n in short)
        for n in short:
            given[n] = min(needs[n], given[n] + spare * shares[n] / part)
    return tuple(round(width, 3) for width in given)


def length(text: str) -> int:
    """How many letters' room a text takes on one line."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)

"""DC power flow: how power divides over the lines of a meshed grid by their reactances alone, θ = B⁻¹P and f = b·Δθ.

Losses, voltages and reactive power are left out; angles are small. `susceptance` is what a line carries per radian (V²/x, W), so
flows come out in the unit of the injections. A grid may be in several islands: each has a reference of its own (its first
node), and what is put in there must be taken out there. Source: hazards.md H18; any textbook on load flow.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ends = Sequence[tuple[int, int]]


def islands(nodes: int, ends: Ends) -> tuple[int, ...]:
    """For each node the lowest node that it hangs together with."""
    root = list(range(nodes))

    def find(node: int) -> int:
        while root[node] != node:
            root[node] = root[root[node]]
            node = root[node]
        return node

    for a, b in ends:
        low, high = sorted((find(a), find(b)))
        root[high] = low
    return tuple(find(node) for node in range(nodes))


def transfers(nodes: int, ends: Ends, susceptances: Sequence[float]) -> Floats:
    """By line and node, the share of what is put in at the node, and taken out at its island's reference, that the line carries."""
    lines = len(ends)
    incidence = np.zeros((lines, nodes))
    for k, (a, b) in enumerate(ends):
        incidence[k, a], incidence[k, b] = 1.0, -1.0
    weighted = np.asarray(susceptances, dtype=np.float64)[:, None] * incidence
    reference = islands(nodes, ends)
    free = [node for node in range(nodes) if reference[node] != node]
    shares = np.zeros((lines, nodes))
    if free:
        matrix = (incidence.T @ weighted)[np.ix_(free, free)]
        shares[:, free] = weighted[:, free] @ np.linalg.inv(matrix)
    return shares


def flows(nodes: int, ends: Ends, susceptances: Sequence[float], injections: Sequence[float]) -> Floats:
    """What each line carries from its first to its second end; injections (less loads) balance in each island."""
    return np.asarray(transfers(nodes, ends, susceptances) @ np.asarray(injections, dtype=np.float64))

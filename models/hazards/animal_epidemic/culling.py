"""Who is killed first: the farms that have it in the order they were found, then those culled for precaution."""

from __future__ import annotations

import math
from collections.abc import Sequence

from msgspec.structs import replace

from models import kernels
from models.hazards.animal_epidemic.state import Farm, Job


def crews_at(jobs: Sequence[Job], crews: float, face: float) -> list[float]:
    """How many crews each farm gets: as many as find room at the first, what is left at the next."""
    given = []
    for _ in jobs:
        here = min(face, crews)
        given.append(here)
        crews -= here
    return given


def worked(jobs: Sequence[Job], crews: float, face: float, dt: float) -> tuple[Job, ...]:
    """The jobs `dt` later."""
    shares = zip(jobs, crews_at(jobs, crews, face), strict=True)
    return tuple(
        replace(job, left=kernels.work_left(job.left, here, dt)) if here > 0.0 else job for job, here in shares
    )


def next_done(jobs: Sequence[Job], crews: float, face: float) -> tuple[float, int]:
    """When the next of them is done, and which; (inf, -1) if none will be."""
    spans = [
        (kernels.work_done_in(job.left, here), k)
        for k, (job, here) in enumerate(zip(jobs, crews_at(jobs, crews, face), strict=True))
    ]
    return min(spans, default=(math.inf, -1))


def killed(before: Sequence[Job], after: Sequence[Job], farms: Sequence[Farm]) -> float:
    """Animals killed in between, evenly over a farm's work."""
    pairs = zip(before, after, strict=True)
    return math.fsum(farms[b.farm].heads * (b.left - a.left) / b.work for b, a in pairs)


def rate(jobs: Sequence[Job], crews: float, face: float, farms: Sequence[Farm]) -> float:
    """Animals killed a second now."""
    shares = zip(jobs, crews_at(jobs, crews, face), strict=True)
    return math.fsum(farms[job.farm].heads / job.work * here for job, here in shares if job.left > 0.0)

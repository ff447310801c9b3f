"""What the program answers to the shell."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes; the first five are promised to scripts, the others are the custom of shells."""

    FINE = 0
    TARGET_MISSED = 1  # it ran, but an expected action was missed, or a run could not be confirmed
    USAGE = 2
    INVALID_INPUT = 3
    RUN_FAILED = 4
    INTERRUPTED = 130  # Ctrl-C
    PIPE_CLOSED = 141  # whoever read the output went away

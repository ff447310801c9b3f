"""The journal on disk: one event a line, each sealed to the one before, so that nothing can be lost or changed unseen.

A line is the event as JSON with `"check"` as its last key: eight hex digits of BLAKE2b over the check of the line
before and this line without its check. A file that was cut, edited or put together from two runs is refused at the first line
that is not what was written. The seal guards against accidents and careless hands; the SHA-256 in `summary.json` names
the whole.

Lines end in "\\n" and are UTF-8 on every platform, and reach the file whole: a crash can tear only the last one.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
from collections.abc import Iterable, Iterator
from hashlib import blake2b, sha256
from pathlib import Path
from types import TracebackType
from typing import Self, cast

import msgspec

from sim.domain.events import AnyEvent, Event, RunEnded, RunStarted
from sim.errors import InvariantBroken, JournalRefused, RunFailed

FORMAT = 1  # raised when an older program could misread a newer journal; stands in `run_started`
FIRST_CHECK = b"00000000"  # stands before the first line
_SEAL = re.compile(rb',"check":"([0-9a-f]{8})"\}')
_SEAL_LENGTH = len(b',"check":"00000000"}')
_GATHER = 1 << 16  # bytes gathered before they are written
_LONGEST = 1 << 26  # bytes of a line; we write none that long
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(AnyEvent).decode


def encode_line(event: Event, previous: bytes = FIRST_CHECK) -> tuple[bytes, bytes]:
    """An event as its line in the journal, and the line's check, which the next line needs.

    InvariantBroken if it holds a number that is not finite: nobody could read it back.
    """
    body = _encode(event)
    if b"null" in body:
        _assert_readable(body, event)
    check = _check(body, previous)
    return b'%b,"check":"%b"}\n' % (body[:-1], check), check


def encode_lines(events: Iterable[Event]) -> Iterator[bytes]:
    """The lines of a whole journal."""
    check = FIRST_CHECK
    for event in events:
        line, check = encode_line(event, check)
        yield line


def _assert_readable(body: bytes, event: Event) -> None:
    """JSON knows neither infinity nor NaN: they become null, which nobody could read back."""
    with contextlib.suppress(msgspec.ValidationError):
        if _decode(body) == event:
            return
    raise InvariantBroken(f"{event} holds a number that is not finite")


def _check(body: bytes, previous: bytes) -> bytes:
    return blake2b(previous + body, digest_size=4).hexdigest().encode()


# ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────────


class JournalWriter:
    """Appends events to a new journal; whole lines reach the file at intervals, on `flush` and on `close`."""

    def __init__(self, path: Path) -> None:
        """Begin a journal. A file that is already there is never touched: RunFailed."""
        self.path = path
        try:
            self._file = path.open("xb", buffering=0)
        except OSError as error:
            raise _failed(path, error) from error
        self._gathered = bytearray()
        self._check = FIRST_CHECK
        self._sha = sha256()

    def append(self, event: Event) -> None:
        """Add one event."""
        line, self._check = encode_line(event, self._check)
        self._gathered += line
        if len(self._gathered) >= _GATHER:
            self.flush()

    def flush(self) -> None:
        """Hand what was gathered to the system; RunFailed, with whole lines in the file, if it will not take it."""
        lines, begin = bytes(self._gathered), self._file.tell()
        self._gathered.clear()
        self._sha.update(lines)
        written = 0
        try:
            while written < len(lines):
                written += self._file.write(lines[written:])
        except OSError as error:
            with contextlib.suppress(OSError):  # a line that stays torn is one that readers can tell
                self._file.truncate(begin + lines.rfind(b"\n", 0, written) + 1)
            raise _failed(self.path, error) from error

    def close(self) -> None:
        """Write what is left and close the file."""
        if not self._file.closed:
            with self._file:
                self.flush()

    @property
    def digest(self) -> str:
        """SHA-256 of what has been written so far."""
        return self._sha.hexdigest()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _failed(path: Path, error: OSError) -> RunFailed:
    why = "no space is left on the disk" if error.errno in _FULL else os.strerror(error.errno or 0).lower()
    return RunFailed(f"the journal {path} cannot be written: {why}")


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def iter_journal(path: Path, *, partial: bool = False) -> Iterator[Event]:
    """The events of a journal one by one, in constant memory; JournalRefused at the first line that cannot be trusted.

    `partial` also takes the journal of a run that was broken off: its end may be missing, a torn last line is dropped.
    """
    number, check, ended = 0, FIRST_CHECK, False
    try:
        with path.open("rb") as file:
            while line := file.readline(_LONGEST):
                number += 1
                if partial and not line.endswith(b"\n") and len(line) < _LONGEST:
                    return
                event, check = _read_line(line, number, check, str(path), ended=ended)
                ended = isinstance(event, RunEnded)
                yield event
    except OSError as error:
        why = f"cannot be read: {os.strerror(error.errno or 0).lower()}"
        raise JournalRefused(str(path), number + 1, why) from error
    if not ended and not partial:
        why = "the journal ends before the run does: lines are missing at the end" if number else "the journal is empty"
        raise JournalRefused(str(path), number + 1, why)


def read_journal(path: Path, *, partial: bool = False) -> list[Event]:
    """All events of a journal; see `iter_journal`."""
    return list(iter_journal(path, partial=partial))


def digest(path: Path) -> str:
    """SHA-256 of a journal file, by which a run is named."""
    with path.open("rb") as file:
        sha = sha256()
        while block := file.read(1 << 20):
            sha.update(block)
    return sha.hexdigest()


def _read_line(line: bytes, number: int, previous: bytes, path: str, *, ended: bool) -> tuple[Event, bytes]:
    if ended:
        raise JournalRefused(path, number, "there are lines after the end of the run")
    found = _SEAL.fullmatch(line[-_SEAL_LENGTH - 1 : -1]) if line.endswith(b"\n") else None
    if found is None:
        raise JournalRefused(path, number, _broken(line))
    body, check = line[: -_SEAL_LENGTH - 1] + b"}", found[1]
    if _check(body, previous) != check:
        raise JournalRefused(path, number, "the line is not as it was written, or one before it was taken away")
    try:
        event = cast(Event, _decode(body))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise JournalRefused(path, number, f"no event of this program: {error}") from error
    if event.seq != number - 1:
        raise JournalRefused(path, number, f"event {event.seq} stands where event {number - 1} belongs")
    if isinstance(event, RunStarted) != (number == 1):
        raise JournalRefused(path, number, "a journal begins with `run_started`, once")
    if isinstance(event, RunStarted) and event.format != FORMAT:
        raise JournalRefused(path, number, f"journal format {event.format}; this program reads format {FORMAT}")
    return event, check


def _broken(line: bytes) -> str:
    if line.endswith(b"\r\n"):
        return "the line ends as on Windows: the file was converted, take the original"
    if not line.endswith(b"\n"):
        return "the line is torn: the file was cut, or its writer stopped here"
    return "the line bears no check: edited, or not a journal of this program"

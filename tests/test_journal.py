"""The journal on disk: what was written is what is read, and nothing else is believed."""

from __future__ import annotations

import errno
import io
import json
import math
import os
import pathlib
import signal
import subprocess
import sys
import tracemalloc
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest

from sim.domain import events as ev
from sim.domain.hazards import Demand, DemandKind
from sim.errors import InvariantBroken, JournalRefused, RunFailed
from sim.journal import journal


def small_run() -> list[ev.Event]:
    """A run of six events; one names a place in Chinese, one holds a float without a short form."""
    return [
        ev.RunStarted(0, 0.0, None, "tiny", "0" * 64, 1, 0, "nearest_capable", "2024-07-19T02:40:00+08:00"),
        ev.Daylight(1, 0.0, None, True),
        ev.InjectReleased(2, 0.1 + 0.2, 0, "slide", "tell", "富村至老厂公路中断", "A road is cut"),
        ev.RoadChanged(3, 10.0, 2, "R0301", 0.0, "slide"),
        ev.RoadKnown(4, 634.217, 3, "R0301", 0.0),
        ev.RunEnded(5, 700.0, None, "settled"),
    ]


def write(path: Path, events: list[ev.Event]) -> bytes:
    """The bytes of a journal of these events, written to `path`."""
    with journal.JournalWriter(path) as writer:
        for event in events:
            writer.append(event)
    return path.read_bytes()


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    """Every event comes back equal, floats to the last bit."""
    write(tmp_path / "j", small_run())

    assert journal.read_journal(tmp_path / "j") == small_run()


def test_the_lines_are_json_with_the_contracts_keys(tmp_path: Path) -> None:
    """Any JSON reader finds seq, t, kind, cause in each line and the check at its end."""
    lines = write(tmp_path / "j", small_run()).decode("utf-8").splitlines()
    first = [json.loads(line) for line in lines]

    assert [line["seq"] for line in first] == list(range(6))
    assert all({"seq", "t", "kind", "cause"} <= line.keys() and list(line)[-1] == "check" for line in first)


def test_newlines_are_the_same_on_every_platform(tmp_path: Path) -> None:
    """Lines end in a line feed alone, and Chinese stands as UTF-8, not escaped."""
    text = write(tmp_path / "j", small_run())

    assert b"\r" not in text and text.count(b"\n") == 6 and "富村".encode() in text


def test_the_writers_digest_is_that_of_the_file(tmp_path: Path) -> None:
    """The SHA-256 gathered while writing, the one of the file and the one of the lines agree."""
    with journal.JournalWriter(tmp_path / "j") as writer:
        for event in small_run():
            writer.append(event)
    whole = sha256((tmp_path / "j").read_bytes()).hexdigest()

    assert writer.digest == journal.digest(tmp_path / "j") == whole
    assert sha256(b"".join(journal.encode_lines(small_run()))).hexdigest() == whole


def test_a_journal_cut_anywhere_is_refused(tmp_path: Path) -> None:
    """However many bytes are left, the line that is not whole or not there is named."""
    text, path = write(tmp_path / "j", small_run()), tmp_path / "cut"
    for length in range(len(text)):
        path.write_bytes(text[:length])
        with pytest.raises(JournalRefused) as refused:
            journal.read_journal(path)
        assert refused.value.line == text[:length].count(b"\n") + 1


def test_a_torn_end_is_dropped_when_a_partial_journal_is_asked_for(tmp_path: Path) -> None:
    """Whatever was written whole is read; nothing that was not is invented."""
    text, path = write(tmp_path / "j", small_run()), tmp_path / "cut"
    for length in range(len(text)):
        path.write_bytes(text[:length])
        assert journal.read_journal(path, partial=True) == small_run()[: text[:length].count(b"\n")]


def test_any_changed_byte_is_found_in_its_line(tmp_path: Path) -> None:
    """A flipped bit anywhere is refused at the line where it is – or, if it made two lines one, there."""
    text, path = write(tmp_path / "j", small_run()), tmp_path / "edited"
    for place in range(len(text)):
        for bit in (1, 0x20):
            edited = bytearray(text)
            edited[place] ^= bit
            path.write_bytes(edited)
            with pytest.raises(JournalRefused) as refused:
                journal.read_journal(path)
            assert refused.value.line == text[:place].count(b"\n") + 1


@pytest.mark.parametrize("change", ["removed", "swapped", "repeated", "appended"])
def test_lines_removed_moved_or_added_are_found(tmp_path: Path, change: str) -> None:
    """Each line is sealed to the one before it."""
    lines = write(tmp_path / "j", small_run()).splitlines(keepends=True)
    changed, line = {
        "removed": (lines[:2] + lines[3:], 3),
        "swapped": ([*lines[:2], lines[3], lines[2], *lines[4:]], 3),
        "repeated": ([*lines[:3], lines[2], *lines[3:]], 4),
        "appended": ([*lines, lines[1]], 7),
    }[change]
    (tmp_path / "j").write_bytes(b"".join(changed))

    with pytest.raises(JournalRefused) as refused:
        journal.read_journal(tmp_path / "j")
    assert refused.value.line == line


def test_a_sealed_line_that_is_no_event_is_refused(tmp_path: Path) -> None:
    """A right check does not make an event: unknown kinds and wrong numbers are named."""
    run = small_run()
    run[3].seq = 7
    write(tmp_path / "wrong_number", run)
    (tmp_path / "no_start").write_bytes(b"".join(journal.encode_lines([ev.Daylight(0, 0.0, None, True)])))
    newer = ev.RunStarted(0, 0.0, None, "x", "", 1, 0, "s", "", format=journal.FORMAT + 1)
    (tmp_path / "newer").write_bytes(b"".join(journal.encode_lines([newer])))

    for name, line, words in (("wrong_number", 4, "event 7"), ("no_start", 1, "run_started"), ("newer", 1, "format 2")):
        with pytest.raises(JournalRefused, match=words) as refused:
            journal.read_journal(tmp_path / name)
        assert refused.value.line == line


@pytest.mark.parametrize("number", [math.inf, -math.inf, math.nan])
def test_what_could_not_be_read_back_is_not_written(number: float) -> None:
    """JSON knows no infinity; a number that would come back as nothing is our mistake, told when it is made."""
    with pytest.raises(InvariantBroken, match="not finite"):
        journal.encode_line(ev.RoadKnown(1, 0.0, 0, "R0301", number))


def test_a_demand_without_a_limit_comes_back_without_one() -> None:
    """What may be endless by its nature is left out of the line."""
    demands = (Demand("lift", DemandKind.WORK, "CRANE", 3600.0), Demand("dig", DemandKind.WORK, "LABOR", 60.0, 4.0))
    changed = ev.DemandsChanged(0, 0.0, None, "F1", demands)

    assert msgspec.json.decode(journal.encode_line(changed)[0], type=ev.DemandsChanged) == changed


def test_a_file_converted_by_an_editor_says_so(tmp_path: Path) -> None:
    """The commonest accident on Windows gets its own words."""
    text = write(tmp_path / "j", small_run())
    (tmp_path / "j").write_bytes(text.replace(b"\n", b"\r\n"))

    with pytest.raises(JournalRefused, match=r":1:1: the line ends as on Windows"):
        journal.read_journal(tmp_path / "j")


def test_a_journal_is_never_overwritten(tmp_path: Path) -> None:
    """A writer begins a new file or none."""
    text = write(tmp_path / "j", small_run())

    with pytest.raises(RunFailed):
        journal.JournalWriter(tmp_path / "j")
    assert (tmp_path / "j").read_bytes() == text


def test_a_full_disk_leaves_whole_lines_and_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the disk takes no more, what lies there is readable and the error says why."""

    class FullDisk(io.FileIO):
        def write(self, text: object) -> int:
            room = 300 - self.tell()
            if room <= 0:
                raise OSError(errno.ENOSPC, "No space left on device")
            return super().write(bytes(text)[:room])  # type: ignore[call-overload]

    monkeypatch.setattr(pathlib.Path, "open", lambda self, *_, **__: FullDisk(self, "xb"))
    with pytest.raises(RunFailed, match="no space is left on the disk"):
        write(tmp_path / "j", small_run())
    monkeypatch.undo()

    whole = journal.read_journal(tmp_path / "j", partial=True)
    assert 0 < len(whole) < 6 and whole == small_run()[: len(whole)]
    assert (tmp_path / "j").read_bytes().endswith(b"\n")


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_a_killed_writer_leaves_readable_lines(tmp_path: Path) -> None:
    """After kill -9 in the midst of writing, every line but perhaps the last is whole and sealed."""
    program = (
        "import sys, itertools; from pathlib import Path\n"
        "from sim.domain import events as ev; from sim.journal import journal\n"
        "writer = journal.JournalWriter(Path(sys.argv[1]))\n"
        "writer.append(ev.RunStarted(0, 0.0, None, 'x', '', 1, 0, 's', ''))\n"
        "for i in itertools.count(1):\n"
        "    writer.append(ev.Daylight(i, float(i), None, True))\n"
        "    if i == 20_000: print('under way', flush=True)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program, str(tmp_path / "j")], stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None and writer.stdout.readline()
        writer.send_signal(signal.SIGKILL)

    read = journal.read_journal(tmp_path / "j", partial=True)
    assert len(read) > 15_000 and [event.seq for event in read] == list(range(len(read)))
    with pytest.raises(JournalRefused):
        journal.read_journal(tmp_path / "j")


def test_reading_keeps_no_more_than_a_line(tmp_path: Path) -> None:
    """A long journal is read one event at a time: memory does not grow with its length."""

    def peak(count: int) -> int:
        path = tmp_path / str(count)
        events = [ev.Daylight(i, float(i), None, True) for i in range(1, count)]
        events = [small_run()[0], *events, ev.RunEnded(count, 1e6, None, "settled")]
        write(path, events)
        del events
        tracemalloc.start()
        for _ in journal.iter_journal(path):
            pass
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    assert peak(4000) < 1.5 * peak(400) + 20_000

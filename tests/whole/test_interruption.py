"""A run that is broken off says so, and what it has written can be read."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sim.errors import FolderRefused
from sim.journal.journal import read_journal
from sim.journal.run_folder import INCOMPLETE, JOURNAL, SUMMARY
from sim.runs import read_run
from tests.whole.shipped import ROOT

LONG = "beyond_the_city"
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


def interrupted(out: Path, how: signal.Signals) -> tuple[int, str]:
    """Start a long run, send the signal once its journal has grown, and wait for the end: exit code and what it said."""
    words = [sys.executable, "run_sim.py", "run", LONG, "--out", str(out), "--no-figures", "--lang", "en"]
    process = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, encoding="utf-8")
    journal = out.with_name(out.name + ".incomplete") / JOURNAL
    deadline = time.monotonic() + 60
    while not (journal.exists() and journal.stat().st_size > 0):
        assert process.poll() is None, "the run was over before it could be interrupted"
        assert time.monotonic() < deadline, "the run never began to write"
        time.sleep(0.005)
    os.kill(process.pid, how)
    _, said = process.communicate(timeout=60)
    return process.returncode, said


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_a_run_broken_off_leaves_a_readable_folder_marked_incomplete(tmp_path: Path, how: signal.Signals) -> None:
    """Ctrl-C or kill -9: the mark stays, no summary, every whole line of the journal counts; it never passes for a run."""
    code, said = interrupted(tmp_path / "run", how)
    folder = tmp_path / "run.incomplete"

    assert (folder / INCOMPLETE).exists() and not (folder / SUMMARY).exists() and not (tmp_path / "run").exists()
    events = read_journal(folder / JOURNAL, partial=True)
    assert len(events) > 10 and [e.seq for e in events] == list(range(len(events)))
    with pytest.raises(FolderRefused):
        read_run(folder)
    if how is signal.SIGINT:
        assert code == 130 and str(folder) in said and "Traceback" not in said
    else:
        assert code == -signal.SIGKILL

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
from sim.journal.run_folder import INCOMPLETE, JOURNAL, SUMMARY, RunFolder
from sim.reviews import review
from sim.runs import read_run, record
from sim.scenario.compile import load_case
from sim.units import HOUR, show_span
from tests.whole.shipped import CASES, ROOT

DAY = 24 * HOUR

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


def broken_off_at(folder: Path, t: float) -> Path:
    """A day of the real city that is interrupted when its clock passes `t`."""

    def stop(now: float) -> None:
        if now > t:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        record(load_case(CASES["roof_fall_luoping"]), RunFolder.create(folder, "run"), stop)
    return folder / "run.incomplete"


@pytest.mark.parametrize("t", [600.0, 3 * HOUR, 12 * HOUR, 40 * DAY, 300 * DAY])
def test_a_run_broken_off_is_reviewed_as_far_as_it_went(tmp_path: Path, t: float) -> None:
    """In the field and in the year of the aftermath: the review stands in both languages and says where it ends."""
    folder = broken_off_at(tmp_path, t)
    events = read_journal(folder / JOURNAL, partial=True)
    assert events[-1].t > t

    for lang, words in (("zh", "运行中断于"), ("en", "broken off at")):
        reviewed = review(folder, lang=lang)
        assert f"{words} +{show_span(events[-1].t)}" in reviewed.render("md").decode()
        assert reviewed.render("html") and reviewed.render("json")
    with pytest.raises(FolderRefused, match="was not finished"):
        review(folder).measures()


def test_a_finished_run_that_lost_its_end_is_no_run_broken_off(tmp_path: Path) -> None:
    """Without the mark, a journal that ends early was cut, and is refused."""
    folder = broken_off_at(tmp_path, 600.0)
    (folder / INCOMPLETE).unlink()
    with pytest.raises(FolderRefused, match="are missing"):
        review(folder)


@pytest.mark.skipif(os.name == "nt", reason="limits of POSIX")
@pytest.mark.parametrize("most", [1_000, 30_000, 150_000])
def test_a_full_disk_ends_a_run_in_a_sentence(tmp_path: Path, most: int) -> None:
    """No file may grow beyond so many bytes: the run says what could not be written, in Chinese too, and takes no name."""
    import resource

    words = [sys.executable, "run_sim.py", "run", "roof_fall_luoping", "--out", str(tmp_path / "run"), "--lang", "zh"]
    done = subprocess.run(
        words, cwd=ROOT, capture_output=True, encoding="utf-8", check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)),
    )  # fmt: skip
    assert done.returncode == 4 and "无法写入" in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "run").exists()

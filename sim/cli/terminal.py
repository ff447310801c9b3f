"""The terminal: the language people read, what goes to stdout and what to stderr, progress."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping
from typing import Any, TextIO

from sim.cli import chinese
from sim.cli.words import WORDS
from sim.errors import FolderRefused, InvalidInput, JournalRefused, Problem

LANGUAGES = ("zh", "en")
_REFRESH = 0.2  # s of wall time between two lines of progress


def default_language(env: Mapping[str, str]) -> str:
    """zh or en: LIANDONG_LANG, else the locale's language, else that of the Windows desktop; English if none says."""
    for name in ("LIANDONG_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if env.get(name):
            return "zh" if env[name].lower().startswith("zh") else "en"
    if sys.platform == "win32":
        import ctypes

        chinese = 0x04  # the primary language in the low ten bits
        return "zh" if ctypes.windll.kernel32.GetUserDefaultUILanguage() & 0x3FF == chinese else "en"
    return "en"


def unknown_language(env: Mapping[str, str]) -> str:
    """What LIANDONG_LANG asks for, if it is no language of ours; what the system speaks is nobody's mistake."""
    wish = env.get("LIANDONG_LANG", "")
    return "" if wish.lower().startswith(LANGUAGES) else wish


def prepare_streams() -> None:
    """Let a console that does not know a sign show another: output is never why a run fails."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


class Terminal:
    """Speaks to whoever started the program. Results go to stdout; progress, notes and mistakes to stderr."""

    def __init__(self, lang: str, *, as_json: bool = False, quiet: bool = False) -> None:
        self.lang, self.as_json, self.quiet = lang, as_json, quiet

    def word(self, key: str, *parts: object) -> str:
        """What `key` of the table says in this terminal's language."""
        return WORDS[key][LANGUAGES.index(self.lang)].format(*parts)

    def problem(self, found: Problem) -> str:
        """A problem of an input in this terminal's language, its place first."""
        return str(found) if self.lang == "en" else chinese.problem(found)

    def mistake(self, error: Exception) -> str:
        """What a mistake of the user's says, in this terminal's language."""
        if self.lang == "en":
            return str(error)
        if isinstance(error, InvalidInput):
            return "\n".join(map(chinese.problem, error.problems))
        if isinstance(error, JournalRefused | FolderRefused):
            line = f":{error.line}:1" if isinstance(error, JournalRefused) else ""
            return f"{error.path}{line}: {self._chinese(error.why)}"
        return self._chinese(str(error))

    @staticmethod
    def _chinese(text: str) -> str:
        return "；".join(map(chinese.sentence, text.split("; ")))

    @property
    def shows(self) -> bool:
        """Whether people read stdout: neither `--json` nor `--quiet`."""
        return not (self.as_json or self.quiet)

    def out(self, text: str) -> None:
        """A result for people, on stdout."""
        if self.shows:
            print(text)

    def document(self, content: Any) -> None:
        """The one JSON document of `--json`."""
        if self.as_json:
            self.json(content)

    def json(self, content: Any) -> None:
        """A JSON document on stdout; in plain ASCII where the console may not know Chinese."""
        utf8 = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
        print(json.dumps(content, ensure_ascii=not utf8, indent=2, allow_nan=False))

    def note(self, text: str) -> None:
        """A remark, on stderr; nothing under `--quiet`."""
        if not self.quiet:
            print(text, file=sys.stderr)

    def complain(self, text: str) -> None:
        """What went wrong, on stderr, always."""
        print(text, file=sys.stderr)

    def counting(self, word: str) -> Counting:
        """The progress of so many runs, told by `word`."""
        return Counting(self, sys.stderr, word, shown=not self.quiet and sys.stderr.isatty())

    def progress(self) -> Progress:
        """The progress of a run, shown only to somebody who watches."""
        return Progress(self, sys.stderr, shown=not self.quiet and sys.stderr.isatty())


class Counting:
    """One line: how many of so many are done, how fast, and how long it will still take; for somebody who watches."""

    def __init__(self, terminal: Terminal, stream: TextIO, word: str, *, shown: bool) -> None:
        self._terminal, self._stream, self._word, self._shown = terminal, stream, word, shown
        self._began = time.monotonic()

    def __call__(self, done: int, of: int) -> None:
        """So many of so many are done."""
        if self._shown and done:
            from sim.units import show_span

            rate = done / max(time.monotonic() - self._began, 1e-3)
            words = self._terminal.word(self._word, done, of, rate, show_span((of - done) / rate))
            self._stream.write(f"\r{words:<70}")
            self._stream.flush()

    def done(self) -> None:
        """Take the line away."""
        if self._shown:
            self._stream.write(f"\r{'':70}\r")


class Progress:
    """One line, written over and over: how far the scenario's clock is and how fast it goes."""

    def __init__(self, terminal: Terminal, stream: TextIO, *, shown: bool) -> None:
        self._terminal, self._stream, self._shown = terminal, stream, shown
        self._count = 0
        self._began = self._next = time.monotonic()

    def __call__(self, t: float) -> None:
        """An event was recorded at `t` seconds of the scenario."""
        self._count += 1
        if not self._shown or self._count & 0xFF:
            return
        now = time.monotonic()
        if now >= self._next:
            from sim.units import show_span

            rate = self._count / max(now - self._began, _REFRESH)
            self._line(self._terminal.word("run.progress", show_span(t), self._count, rate))
            self._next = now + _REFRESH

    def done(self) -> None:
        """Take the line away."""
        if self._shown:
            self._line("")

    def _line(self, text: str) -> None:
        # old Windows consoles know no escape sequences
        self._stream.write(f"\r{'':60}\r{text}" if os.name == "nt" else f"\r\x1b[K{text}")
        self._stream.flush()

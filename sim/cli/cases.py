"""Cases by name: what ships with the program, and what a word on the command line stands for."""

from __future__ import annotations

from pathlib import Path

from sim.errors import UnknownName

_FOLDERS = ("drills", "cases")
_FLAGSHIP = "flagship"  # a file of one line: the name of the case that runs when none is named


def shipped() -> dict[str, Path]:
    """The cases that come with the program, by name."""
    from sim.catalog import scenarios_root

    root = scenarios_root()
    files = (file for folder in _FOLDERS for file in sorted((root / folder).rglob("*.yaml")))
    return {file.stem: file for file in files}


def find(word: str | None) -> Path:
    """The case file that is meant: a path, the name of a shipped case, or the flagship if nothing is said."""
    if word is None:
        from sim.catalog import scenarios_root

        word = (scenarios_root() / _FLAGSHIP).read_text(encoding="utf-8").strip()
    if Path(word).is_file():
        return Path(word)
    cases = shipped()
    if word not in cases:
        raise UnknownName("case file or shipped case", word, cases)
    return cases[word]

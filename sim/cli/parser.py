"""The command line's grammar on argparse, with its help in the reader's language."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import Any, NoReturn

from sim.cli.terminal import LANGUAGES, Terminal
from sim.version import __version__

Command = Callable[[argparse.Namespace, Terminal], int]


class Misused(Exception):
    """The command line was not understood."""


class _Parser(argparse.ArgumentParser):
    """Raises what argparse would print before leaving the program."""

    def error(self, message: str) -> NoReturn:
        raise Misused(f"{message}\n{self.format_usage().strip()}")


class Parsers:
    """The parser of the program and those of its commands."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        name = "run_sim.py" if sys.argv[0].endswith(".py") else "liandong"
        self._top = self._parser(name, "program")
        self._top.epilog = terminal.word("exit_codes")
        version = f"liandong {__version__}"
        self._top.add_argument("--version", action="version", version=version, help=terminal.word("option.version"))
        self._commands = self._top.add_subparsers(
            metavar="COMMAND", title=terminal.word("commands"), parser_class=_Parser
        )

    @property
    def names(self) -> tuple[str, ...]:
        """The commands there are."""
        return tuple(self._commands.choices)

    def parse(self, words: list[str]) -> argparse.Namespace:
        """The words as arguments; `command` holds the function to call."""
        return self._top.parse_args(words)

    def add(self, name: str, command: Command) -> Arguments:
        """Another command; what it does is said by the word of its name."""
        about = self._terminal.word(name)
        parser = self._commands.add_parser(name, help=about, description=about, add_help=False, allow_abbrev=False)
        _title(parser, self._terminal)
        parser.set_defaults(command=command)
        arguments = Arguments(parser, self._terminal)
        arguments.add("--lang", "option.lang", choices=LANGUAGES)
        arguments.add("--debug", "option.debug", action="store_true")
        return arguments

    def _parser(self, name: str, about: str) -> argparse.ArgumentParser:
        parser = _Parser(prog=name, description=self._terminal.word(about), add_help=False, allow_abbrev=False)
        _title(parser, self._terminal)
        return parser


class Arguments:
    """The arguments of one command."""

    def __init__(self, parser: argparse.ArgumentParser, terminal: Terminal) -> None:
        self._parser, self._terminal = parser, terminal

    def add(self, name: str, word: str, **how: Any) -> Arguments:
        """Another argument; `word` says what it is for, `how` is argparse's."""
        self._parser.add_argument(name, help=self._terminal.word(word), **how)
        return self

    def add_json_and_quiet(self) -> Arguments:
        """The two ways not to be read by people."""
        self.add("--json", "option.json", action="store_true")
        return self.add("--quiet", "option.quiet", action="store_true")


def _title(parser: argparse.ArgumentParser, terminal: Terminal) -> None:
    parser._positionals.title, parser._optionals.title = terminal.word("arguments"), terminal.word("options")
    parser.add_argument("-h", "--help", action="help", help=terminal.word("option.help"))

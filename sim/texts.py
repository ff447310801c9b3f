"""The bytes of an input file as text that can be trusted: bounded, UTF-8, nothing invisible in it."""

from __future__ import annotations

import re
import stat
from pathlib import Path

from sim.errors import InvalidInput, Problem, nearest

MOST_BYTES = 4_000_000

# Neither control characters nor what has no width: they would change a name, a line count or the reading direction unseen.
_UNWANTED = re.compile(
    "[^\t\n\r -~\u00a0-\u200a\u2010-\u2027\u202f-\u205f\u206a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


def read_text_file(path: Path, name: str) -> str:
    """The text of a file, `name` standing for it in problems. Raises `InvalidInput`."""
    return checked(_decode(read_bytes(path, name), name), name)


def checked(text: str, name: str) -> str:
    """The text without its byte order mark; raises `InvalidInput` at the first character nobody could see."""
    text = text.removeprefix("\ufeff")
    if (found := _UNWANTED.search(text)) is not None:
        what = f"an invisible character (U+{ord(found[0]):04X})"
        raise InvalidInput([Problem(name, *place_in(text, found.start()), "", what, "remove it")])
    return text


def unwanted(text: str) -> str | None:
    """The first character of a text that nobody could see, if there is one."""
    found = _UNWANTED.search(text)
    return found[0] if found else None


def place_in(text: str, offset: int) -> tuple[int, int]:
    """Line and column, from 1, of an offset in a text."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def shown(path: Path, root: Path | None = None) -> str:
    """A path as problems show it: below `root` where it is, with forward slashes."""
    if root is not None and path.absolute().is_relative_to(root.absolute()):
        path = path.absolute().relative_to(root.absolute())
    return path.as_posix()


def stands(path: Path) -> bool:
    """Whether anything stands at a path: a file, or what cannot be read as one – a folder, a link to nothing."""
    return path.exists() or path.is_symlink()


def read_bytes(path: Path, name: str) -> bytes:
    """The bytes of an ordinary file that is not too big, `name` standing for it in problems. Raises `InvalidInput`."""

    def refused(what: str, remedy: str = "") -> InvalidInput:
        return InvalidInput([Problem(name, 1, 1, "", what, remedy)])

    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise refused("this is a folder, not a file")
        if not stat.S_ISREG(status.st_mode):
            raise refused("this is not an ordinary file")
        if status.st_size > MOST_BYTES:
            raise refused(f"{status.st_size} bytes; at most {MOST_BYTES} are read", "split it")
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        raise refused("there is no such file", _near_file(path)) from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise refused(f"the file cannot be read ({getattr(error, 'strerror', None) or error})") from None
    if len(content) > MOST_BYTES:
        raise refused(f"more than {MOST_BYTES} bytes", "split it")
    return content


def _near_file(path: Path) -> str:
    folder = path.parent
    near = nearest(path.name, sorted(p.name for p in folder.iterdir()), 1) if folder.is_dir() else ()
    return f"did you mean '{near[0]}'?" if near else ""


def _decode(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
        place, remedy = place_in(before, len(before)), "save it with the encoding UTF-8 (not GBK, not UTF-16)"
        raise InvalidInput([Problem(name, *place, "", "the file is not UTF-8 text", remedy)]) from None

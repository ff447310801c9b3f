"""The door for plug-ins: whether a class has the methods that its port asks for, and takes the numbers that its file gives."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Iterator, Mapping

from sim.errors import nearest


def misfits(made: type, port: type) -> Iterator[tuple[int, str, str]]:
    """(line, what is wrong, what would be right) of each method of a protocol that a class lacks or takes otherwise.

    Arguments must have the names and the order of the port's; further ones need defaults.
    """
    for name, wanted in inspect.getmembers(port, inspect.isfunction):
        if name.startswith("_"):
            continue
        found = getattr(made, name, None)
        asked = list(inspect.signature(wanted).parameters)
        remedy = f"def {name}({', '.join(asked)})"
        if not inspect.isfunction(found):
            yield _line(made), f"class {made.__name__} has no method '{name}'", remedy
            continue
        given = list(inspect.signature(found).parameters.values())
        names = [p.name for p in given]
        if names[: len(asked)] != asked or any(_wanted(p) for p in given[len(asked) :]):
            what = f"{made.__name__}.{name} takes ({', '.join(names)})"
            yield found.__code__.co_firstlineno, what, remedy


def unmatched(made: object, numbers: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """(what is wrong, what would be right) where the fields of a plug-in's Parameters are not the names in its YAML."""
    if not (isinstance(made, type) and dataclasses.is_dataclass(made)):
        yield "its module has no dataclass Parameters", "write one whose fields are the names of the numbers here"
        return
    fields = [f.name for f in dataclasses.fields(made)]
    for name in fields:
        if name not in numbers:
            near = nearest(name, [n for n in numbers if n not in fields], 1)
            yield f"the number '{name}' of Parameters is missing", f"is '{near[0]}' meant?" if near else "add it"
    for name in numbers:
        if name not in fields:
            yield f"'{name}' is no field of Parameters", "remove it, or add the field"


def _line(made: type) -> int:
    try:
        return inspect.getsourcelines(made)[1]
    except (OSError, TypeError):
        return 1


def _wanted(parameter: inspect.Parameter) -> bool:
    return parameter.default is parameter.empty and parameter.kind not in (
        parameter.VAR_POSITIONAL,
        parameter.VAR_KEYWORD,
    )

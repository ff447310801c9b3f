"""The reader: texts stay as written, places are exact, and both YAML parsers give the same."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BeforeValidator, Field

from sim import reader
from sim.errors import InvalidInput, Problem
from sim.reader import Entry, load, parse, read, read_csv, read_table, read_text, show, wrong


class Inner(Entry):
    town: str = Field(examples=["Someplace"])
    km: float = 0


def _refused(written: object) -> object:
    if written == "odd":
        raise wrong("this is odd", "make it even", ("deeper",))
    return written


class Outer(Entry):
    id: str = Field(pattern="^[a-z]+$", examples=["abc"])
    kind: Literal["alpha", "beta"] = "alpha"
    count: int = Field(1, ge=0)
    where: Inner | str = "here"
    items: list[Inner] = Field([])
    note: Annotated[str, BeforeValidator(_refused)] = ""


def problems(text: str, model: type = Outer) -> list[str]:
    """What is said of a text, without the name of the file."""
    with pytest.raises(InvalidInput) as refused:
        read_text(text, model, "f")
    return [str(problem).removeprefix("f:") for problem in refused.value.problems]


@pytest.fixture(params=["fast", "pure"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Each of the two YAML parsers."""
    if request.param == "pure":
        monkeypatch.setattr(reader, "Loader", yaml.SafeLoader)
    yield request.param


def test_scalars_stay_as_they_were_written(parser: str) -> None:
    """Nothing is taken for a time, a truth or an octal number; only what says nothing is nothing."""
    doc = parse("a: 10:30\nb: no\nc: 017\nd: 1e3\ne: 2024-07-19\nf: '~'\ng: ~\nh:\ni: null\nj: .inf\nk: 0x1F\n")

    assert doc.data == {
        "a": "10:30", "b": "no", "c": "017", "d": "1e3", "e": "2024-07-19", "f": "~", "g": None, "h": None, "i": None,
        "j": ".inf", "k": "0x1F",
    }  # fmt: skip


def test_every_part_has_its_place(parser: str) -> None:
    """Keys and values are found at their line and column, Chinese counted by the character."""
    doc = parse("名称: 甲\nlist:\n  - {a: 1, b: [x, y]}\n")

    assert doc.place(("名称",)) == (1, 5) and doc.place(("名称",), key=True) == (1, 1)
    assert doc.place(("list", 0)) == (3, 5) and doc.place(("list", 0, "b", 1)) == (3, 19)
    assert doc.place(("list", 0, "b"), key=True) == (3, 12)
    assert doc.place(("list", 0, "unsaid")) == (3, 5)  # the nearest place around it


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id: abc\nkind: alpa\n", ["2:7: kind: 'alpa' is not one of the values that are valid here; did you mean 'alpha'?"]),
        ("id: abc\ncount: -3\n", ["2:8: count: expected at least 0, got '-3'"]),
        ("id: abc\ncount: 1.5\n", ["2:8: count: expected a whole number, got '1.5'"]),
        ("id: abc\nwhere: {twn: x}\n", ["2:9: where.twn: unknown key 'twn'; did you mean 'town'?"]),
        ("id: abc\nitems: [{km: 1}]\n", ["2:9: items[0]: 'town' is missing; add 'town: Someplace'"]),
        ("id: abc\nitems: [{town: a, km: nan}]\n", ["2:23: items[0].km: expected a finite number, got 'nan'"]),
        ("id: ABC\n", ["1:5: id: 'ABC' is not written as it must be here; such as abc"]),
        ("id: abc\nnote: odd\n", ["2:7: note.deeper: this is odd; make it even"]),
        ("- a\n", ["1:1: expected a mapping (key: value), got a list"]),
        ("id: abc\nitems: {}\n", ["2:8: items: expected a list, got a mapping"]),
        ("kind: [1]\ncount: x\n", [
            "1:1: 'id' is missing; add 'id: abc'",
            "1:7: kind: expected one of alpha, beta, got a list",
            "2:8: count: expected a whole number, got 'x'",
        ]),
    ],
)  # fmt: skip
def test_mistakes_are_told_in_plain_sentences(parser: str, text: str, said: list[str]) -> None:
    """Each with its place and, where there is one, the way out."""
    assert problems(text) == said


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("", (1, 1), "the file is empty"),
        ("# nothing\n", (1, 1), "the file is empty"),
        ("a: 1\na: 2\n", (2, 1), "'a' was already given at f:1:1"),
        ("a: &x 1\n", (1, 4), "the anchor '&x' is not allowed"),
        ("a: &x [1]\nb: *x\n", (2, 4), "the alias '*x' is not allowed"),
        ("<<: {a: 1}\n", (1, 1), "the merge key '<<' is not allowed"),
        ("a: !!python/object:os.system x\n", (1, 4), "the tag"),
        ("a: 1\n---\nb: 2\n", (2, 1), "a second document begins here"),
        ("? [a]\n: b\n", (1, 3), "a list or mapping cannot be a key"),
        ("a: b: c\n", (1, 5), "a ':' stands where no key can be"),
        ("a:\n\tb: 1\n", (2, 1), "tab"),
        ("a: [1, 2\n", (1, 4), "not closed"),
        ("a: 'x\n", (1, 4), "ends inside something that was opened"),
        ("a: x\n b: y\n", (2, 3), "a ':' stands where no key can be"),
        ("a: 1\x00\n", (1, 5), "an invisible character (U+0000)"),
        ("名: 甲\u200b乙\n", (1, 5), "an invisible character (U+200B)"),
        ("a: \u202eabc\n", (1, 4), "an invisible character (U+202E)"),
    ],
)
def test_what_no_configuration_needs_is_refused(parser: str, text: str, place: tuple[int, int], words: str) -> None:
    """Anchors, tags, second documents, slips of syntax: each with its place, alike in both parsers."""
    with pytest.raises(InvalidInput) as refused:
        parse(text, "f")

    assert place in [(p.line, p.column) for p in refused.value.problems]
    assert words in str(refused.value)


def test_byte_order_mark_and_windows_lines_change_nothing(tmp_path: Path) -> None:
    """A file saved on another platform reads the same, places included."""
    (tmp_path / "unix.yaml").write_bytes(b"id: abc\nkind: x\n")
    (tmp_path / "windows.yaml").write_bytes("\ufeffid: abc\r\nkind: x\r\n".encode())
    said = []
    for name in ("unix", "windows"):
        with pytest.raises(InvalidInput) as refused:
            read(tmp_path / f"{name}.yaml", Outer, root=tmp_path)
        said.append(str(refused.value).replace(name, ""))

    assert (
        said[0]
        == said[1]
        == ".yaml:2:7: kind: 'x' is not one of the values that are valid here; valid are: alpha, beta"
    )


def test_text_that_is_not_utf8_is_refused_at_its_line(tmp_path: Path) -> None:
    """GBK, the usual slip on Chinese Windows, is told with the line of its first character."""
    (tmp_path / "gbk.yaml").write_bytes(b"id: abc\n" + "name: 曲\n".encode("gbk"))

    with pytest.raises(InvalidInput, match=r"gbk\.yaml:2:7: the file is not UTF-8 text; save it"):
        load(tmp_path / "gbk.yaml")


def test_a_file_that_is_not_there_is_told_with_the_nearest_name(tmp_path: Path) -> None:
    """No traceback, but the file that was probably meant; a folder is no file."""
    (tmp_path / "case.yaml").write_text("id: abc\n", encoding="utf-8")

    with pytest.raises(InvalidInput, match=r"there is no such file; did you mean 'case\.yaml'\?"):
        load(tmp_path / "cse.yaml")
    with pytest.raises(InvalidInput, match="this is a folder"):
        load(tmp_path)


def test_locations_read_like_paths() -> None:
    """Positions in brackets, odd keys in quotes."""
    assert show(("incidents", 0, "location", "town")) == "incidents[0].location.town"
    assert show(("weather", "乙县", "a b")) == "weather.乙县['a b']"


# ── tables ──


class Row(Entry):
    id: str
    people: int = Field(ge=0)
    name: str = ""


def _table(tmp_path: Path, text: str) -> list[str]:
    (tmp_path / "t.csv").write_text(text, encoding="utf-8", newline="")
    with pytest.raises(InvalidInput) as refused:
        read_csv(tmp_path / "t.csv", Row, root=tmp_path)
    return [str(problem).removeprefix("t.csv:") for problem in refused.value.problems]


def test_rows_come_with_their_lines(tmp_path: Path) -> None:
    """Blank lines are skipped, quoted line breaks counted, an empty field counts as not given."""
    (tmp_path / "t.csv").write_text(
        '\ufeffid,people,name\r\nA,1,\r\n\r\nB,2,"x\ny"\r\nC,3,"q, ""r"""\r\n', encoding="utf-8", newline=""
    )

    rows = read_csv(tmp_path / "t.csv", Row)

    assert rows == [
        (Row(id="A", people=1), 2),
        (Row(id="B", people=2, name="x\ny"), 4),
        (Row(id="C", people=3, name='q, "r"'), 6),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id,people\nA,x\nB,-1\n,3\n", [
            "2:3: people: expected a whole number, got 'x'",
            "3:3: people: expected at least 0, got '-1'",
            "4:1: id: 'id' is missing; add 'id: …'",
        ]),
        ('id,name,people\nA,"x, y\nz",p\n', ["3:4: people: expected a whole number, got 'p'"]),
        ("id,poeple\nA,1\n", ["1:4: unknown column 'poeple'; did you mean 'people'?"]),
        ("id\nA\n", ["1:1: the column 'people' is missing"]),
        ("id,people,id\n", ["1:11: the column 'id' was already given; keep one of them"]),
        ("id,people\nA,1,2\n", ["2:1: 3 fields, but the header names 2; a field that contains a comma stands in double quotes"]),
        ('id,people\nA,"1\n', ["2:1: a double quote that is not closed or not followed by a comma; double a quote inside a field"]),
        ("", ["1:1: the file is empty; a first line with the column names"]),
    ],
)  # fmt: skip
def test_mistakes_in_tables_are_told_at_their_field(tmp_path: Path, text: str, said: list[str]) -> None:
    """Line and character of the field, the column as path."""
    assert _table(tmp_path, text) == said


def test_later_checks_can_point_at_a_field(tmp_path: Path) -> None:
    """A table keeps the place of every field for checks between rows."""
    (tmp_path / "t.csv").write_text("id,people\nA,1\nA,2\n", encoding="utf-8")

    table = read_table(tmp_path / "t.csv", Row, root=tmp_path)

    assert table.problem(1, "people", "too many") == Problem("t.csv", 3, 3, "people", "too many")


# ── any input at all ──

yaml_ish = st.text(alphabet=st.sampled_from(list("ab:-,[]{}'\"#&*!|>%@\n\t ?~0179é甲\x00\u2028")), max_size=120)
trees = st.recursive(
    st.none() | st.text(max_size=8),
    lambda part: st.lists(part, max_size=4) | st.dictionaries(st.text(max_size=6), part, max_size=4),
)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(max_size=300), yaml_ish.map(str.encode)))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    """Whatever stands in a file, the answer is a model or `InvalidInput` with places inside it."""
    file = tmp_path_factory.mktemp("any") / "f.yaml"
    file.write_bytes(content)
    lines = content.count(b"\n") + content.count(b"\r") + 2
    for attempt in (lambda: read(file, Outer), lambda: read_csv(file, Row)):
        try:
            attempt()
        except InvalidInput as refused:
            assert refused.problems and all(1 <= p.line <= lines and p.column >= 1 for p in refused.problems)


@settings(max_examples=100, deadline=None)
@given(trees)
def test_any_tree_that_yaml_writes_is_read_back(tree: object) -> None:
    """What a YAML writer makes of texts comes back text for text, or is refused with a place."""
    text = yaml.safe_dump(tree, allow_unicode=True)
    try:
        data = parse(text).data
    except InvalidInput as refused:
        assert refused.problems
        return
    assert data == _as_read(tree)


@settings(max_examples=150, deadline=None)
@given(yaml_ish)
def test_both_parsers_agree(text: str) -> None:
    """What the parser in C and the one in Python both take (each is laxer about some slip), they read alike, places included."""
    answers = []
    for loader in (yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(reader, "Loader", loader)
            with contextlib.suppress(InvalidInput):
                doc = parse(text)
                answers.append((doc.data, dict(doc.keys)))
    assert answers == answers[:1] * len(answers)


def _as_read(tree: object) -> object:
    """A tree of texts as the reader gives it back: what says nothing is None."""
    if isinstance(tree, dict):
        return {key: _as_read(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_as_read(value) for value in tree]
    return tree

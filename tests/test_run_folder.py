"""The run folder: a run takes its name when it is whole, and nobody else's folder gives way to it."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from sim.errors import FolderRefused, JournalRefused, RunFailed
from sim.journal import journal
from sim.journal.cast import Cast, Words
from sim.journal.run_folder import INCOMPLETE, Header, RunFolder, open_run, read_header, versions
from tests.test_journal import small_run

CAST = Cast(case=Words("小", "tiny"), city=Words("城", "Town"), starts_at="2024-07-19T02:40:00+08:00")


def header(**changed: object) -> Header:
    """The header of the small run."""
    said = Header(
        case="tiny", case_file="tiny.yaml", case_digest="0" * 64, city="town", starts_at=CAST.starts_at, seed=1, replication=0,
        strategy="nearest_capable", overrides=(), files={"cases/tiny.yaml": "ab"}, versions={"python": "3"},
    )  # fmt: skip
    return msgspec.structs.replace(said, **changed)


def write_run(base: Path, name: str = "tiny", *, finish: bool = True) -> Path:
    """A run folder of the small run."""
    folder = RunFolder.create(base, name)
    with folder.begin(header(), CAST, {"tiny.yaml": b"name: tiny\n"}) as writer:
        for event in small_run():
            writer.append(event)
    return folder.finish({"digest": {"value": writer.digest, "unit": "sha256"}}) if finish else folder.path


def test_a_finished_run_is_read_back_whole(tmp_path: Path) -> None:
    """Header, cast, summary and events come back as they were written, and the mark of incompleteness is gone."""
    read = open_run(write_run(tmp_path))

    assert (read.header, read.cast, read.events) == (header(), CAST, small_run())
    assert sorted(p.name for p in read.path.iterdir()) == [
        "cast.json",
        "header.json",
        "inputs",
        "journal.jsonl",
        "summary.json",
    ]
    assert (read.path / "inputs" / "tiny.yaml").read_bytes() == b"name: tiny\n"


def test_the_header_names_what_the_contract_asks_for() -> None:
    """Case digest, digests of inputs, seed, replication, strategy and the versions of all that results depend on."""
    keys = json.loads(msgspec.json.encode(header())).keys()

    assert {"case_digest", "files", "seed", "replication", "strategy", "versions"} <= keys
    assert {"liandong", "python", "simpy", "numpy", "scipy", "networkx", "msgspec", "pydantic"} == versions().keys()


def test_until_it_is_finished_a_run_lies_beside_its_name(tmp_path: Path) -> None:
    """A run under way never stands under its name, says in both languages that it is not whole, and is readable."""
    path = write_run(tmp_path, finish=False)

    assert path.name == "tiny.incomplete" and not (tmp_path / "tiny").exists()
    assert "尚未完成" in (path / INCOMPLETE).read_text(encoding="utf-8")
    with pytest.raises(FolderRefused, match="was not finished"):
        open_run(path)
    assert open_run(path, partial=True).events == small_run()


def test_a_run_of_the_same_name_gives_way_only_to_a_finished_one(tmp_path: Path) -> None:
    """The old run stays while the new one is under way, and nothing is left of it afterwards."""
    old = write_run(tmp_path)
    (old / "map.png").write_bytes(b"")
    write_run(tmp_path, finish=False)
    assert (old / "map.png").exists()

    new = write_run(tmp_path)
    assert new == old and not (new / "map.png").exists()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["tiny", "tiny.incomplete"]


@pytest.mark.parametrize("content", ["notes.txt", "header.json"])
def test_a_foreign_folder_is_left_alone(tmp_path: Path, content: str) -> None:
    """A folder with other things in it – or another program's header – is refused before anything is run."""
    (tmp_path / "tiny").mkdir()
    (tmp_path / "tiny" / content).write_text('{"some": "thing"}', encoding="utf-8")

    with pytest.raises(FolderRefused, match="choose another name"):
        RunFolder.create(tmp_path, "tiny")
    assert [p.name for p in tmp_path.rglob("*")] == ["tiny", content]


def test_a_folder_that_became_foreign_meanwhile_is_left_alone(tmp_path: Path) -> None:
    """What somebody put under the name while the run was under way stays, and so does the run."""
    folder = RunFolder.create(tmp_path, "tiny")
    (tmp_path / "tiny").write_text("mine", encoding="utf-8")

    with pytest.raises(FolderRefused):
        folder.finish({})
    assert (tmp_path / "tiny").read_text(encoding="utf-8") == "mine" and folder.path.is_dir()


def test_an_older_run_with_other_files_in_it_is_left_alone(tmp_path: Path) -> None:
    """Figures and exports give way with their run; a file that somebody keeps there does not."""
    old = write_run(tmp_path)
    (old / "map.png").write_bytes(b"")
    (old / "export").mkdir()
    assert write_run(tmp_path) == old

    (old / "case.yaml").write_text("mine", encoding="utf-8")
    with pytest.raises(FolderRefused, match=r"case\.yaml.*choose another name"):
        RunFolder.create(tmp_path, "tiny")
    assert (old / "case.yaml").read_text(encoding="utf-8") == "mine"


def test_a_link_is_no_run_folder(tmp_path: Path) -> None:
    """A run neither follows a link nor replaces it, wherever it leads."""
    try:
        (tmp_path / "link").symlink_to(tmp_path / "nowhere", target_is_directory=True)
    except OSError:
        pytest.skip("links need a privilege here")

    with pytest.raises(FolderRefused, match="is a link"):
        RunFolder.create(tmp_path, "link")


def test_an_empty_folder_may_be_taken(tmp_path: Path) -> None:
    """A folder made for the run beforehand is no obstacle."""
    (tmp_path / "tiny").mkdir()

    assert open_run(write_run(tmp_path)).events == small_run()


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "../up"])
def test_a_run_stays_in_its_folder(tmp_path: Path, name: str) -> None:
    """A name cannot lead elsewhere."""
    with pytest.raises(FolderRefused):
        RunFolder.create(tmp_path / "runs", name)
    assert list(tmp_path.iterdir()) == []


def test_where_nothing_can_be_written_a_sentence_says_so(tmp_path: Path) -> None:
    """A base that is a file is a failed run, not a traceback."""
    (tmp_path / "runs").write_text("", encoding="utf-8")

    with pytest.raises(RunFailed, match="cannot be written"):
        RunFolder.create(tmp_path / "runs", "tiny")


def test_damage_is_named(tmp_path: Path) -> None:
    """Each file that is missing, cut, changed or of another run is refused in words of its own."""
    run = write_run(tmp_path)
    kept = {file.name: file.read_bytes() for file in run.iterdir() if file.is_file()}
    resealed = b"".join(journal.encode_lines([*small_run()[:1], msgspec.structs.replace(small_run()[5], seq=1)]))
    other_case = kept["header.json"].replace(b'"0000', b'"1111')
    damages: list[tuple[str, bytes | None, type[Exception], str]] = [
        ("header.json", None, FolderRefused, "has no header.json"),
        ("header.json", kept["header.json"][:40], FolderRefused, "damaged"),
        (
            "header.json",
            kept["header.json"].replace(b'"liandong",\n', b'"other",\n', 1),
            FolderRefused,
            "another program",
        ),
        ("header.json", kept["header.json"].replace(b'"format": 1', b'"format": 9'), FolderRefused, "format 9"),
        ("header.json", other_case, FolderRefused, "different runs"),
        ("cast.json", b"\xff", FolderRefused, "damaged"),
        ("summary.json", None, FolderRefused, "are missing: summary.json"),
        ("journal.jsonl", None, FolderRefused, "are missing: journal.jsonl"),
        ("journal.jsonl", kept["journal.jsonl"].replace(b"R0301", b"R0302", 1), JournalRefused, ":4:1:"),
        ("journal.jsonl", resealed, FolderRefused, "digests differ"),
    ]
    for name, content, refusal, words in damages:
        if content is None:
            (run / name).unlink()
        else:
            assert content != kept[name]
            (run / name).write_bytes(content)
        with pytest.raises(refusal, match=words):
            open_run(run)
        (run / name).write_bytes(kept[name])

    assert open_run(run).events == small_run()


def test_what_is_no_run_folder_is_called_so(tmp_path: Path) -> None:
    """A missing folder, a file and a folder of other things are told apart."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    for place, words in (
        (tmp_path / "none", "no such folder"),
        (tmp_path / "file", "is a file"),
        (tmp_path, "no run folder"),
    ):
        with pytest.raises(FolderRefused, match=words):
            read_header(place)

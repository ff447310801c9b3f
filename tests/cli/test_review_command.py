"""`review` on the command line: files, forms, the earlier run, accepted measures, and folders that cannot be trusted."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import sim
from sim.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
TOYTOWN = ROOT / "scenarios" / "drills" / "toytown_detour.yaml"
FLAGSHIP = ROOT / "scenarios" / "drills" / "fuyuan_inrush.yaml"


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of a made-up town, which has no plans."""
    folder = tmp_path_factory.mktemp("review") / "toy"
    sim.run(TOYTOWN, folder)
    return folder


@pytest.fixture(scope="module")
def flagship(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of the flagship drill."""
    folder = tmp_path_factory.mktemp("review") / "flagship"
    sim.run(FLAGSHIP, folder)
    return folder


def test_a_review_lies_beside_the_journal_unless_told_otherwise(toy: Path, tmp_path: Path) -> None:
    """`--out` names a file or a folder; a form may be asked for more than once."""
    assert main(["review", str(toy), "--to", "md", "--to", "json", "--lang", "en", "--quiet"]) == 0
    assert (
        main(["review", str(toy), "--to", "md", "--brief", "--out", str(tmp_path / "a" / "mayor.md"), "--quiet"]) == 0
    )
    assert main(["review", str(toy), "--to", "md", "--out", str(tmp_path / "b"), "--quiet"]) == 0

    assert (toy / "review.md").is_file() and json.loads((toy / "review.json").read_text(encoding="utf-8"))[
        "format"
    ] == 1
    assert (tmp_path / "a" / "mayor.md").is_file() and (tmp_path / "b" / "review.md").is_file()
    sim.run(TOYTOWN, toy)  # a run with its review gives way to the next
    assert not (toy / "review.md").exists()


def test_one_json_document_names_files_and_findings(
    toy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--json` prints nothing else."""
    assert main(["review", str(toy), "--to", "md", "--out", str(tmp_path), "--json", "--lang", "en"]) == 0
    document = json.loads(capsys.readouterr().out)

    assert [Path(name).name for name in document["review"]] == ["review.md"]
    assert all({"id", "problem"} == set(entry) for entry in document["findings"])


@pytest.mark.parametrize("broken", ["nothing", "foreign", "torn", "altered"])
def test_a_folder_that_cannot_be_trusted_is_told_as_by_verify(
    broken: str, toy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No review is written of it, and no traceback."""
    folder = tmp_path / "run"
    if broken != "nothing":
        folder.mkdir()
        for name in ("header.json", "cast.json", "journal.jsonl", "summary.json"):
            content = (toy / name).read_bytes()
            if broken == "torn" and name == "journal.jsonl":
                content = content[:-40]
            if broken == "altered" and name == "journal.jsonl":
                content = content.replace(b'"t":0.0', b'"t":1.0', 1)
            if broken == "foreign" and name == "header.json":
                content = b'{"program": "other"}'
            (folder / name).write_bytes(content)

    assert main(["review", str(folder), "--to", "md"]) == 3
    told = capsys.readouterr().err
    assert str(folder) in told and "Traceback" not in told
    assert not (folder / "review.md").exists()


def test_accepted_measures_are_what_the_next_run_goes_by(flagship: Path, tmp_path: Path) -> None:
    """Run, review, accept, run again: fewer duties are late, the second review says so, and the second run can be verified."""
    assert main(["review", str(flagship), "--to", "md", "--accept", "--lang", "zh", "--quiet"]) == 0
    measures, again = flagship / "measures.yaml", tmp_path / "again"
    assert main(
        ["run", str(FLAGSHIP), "--measures", str(measures), "--out", str(again), "--no-figures", "--quiet"]
    ) in (0, 1)
    assert main(["verify", str(again), "--quiet"]) == 0
    assert main(["review", str(again), "--against", str(flagship), "--to", "md", "--lang", "en", "--quiet"]) == 0

    before, after = (
        sim.read_run(flagship).summary["obligations"]["value"],
        sim.read_run(again).summary["obligations"]["value"],
    )
    assert after["late"] + after["missed"] < before["late"] + before["missed"]
    answered = (again / "review.md").read_text(encoding="utf-8")
    assert "What became of the last run's measures" in answered and re.search(r"\| (closed|open, better) \|", answered)


def test_what_was_accepted_is_not_written_over(flagship: Path, tmp_path: Path) -> None:
    """Somebody has chosen among the measures: they stay beside the new ones."""
    for _ in "12":
        assert main(["review", str(flagship), "--to", "md", "--accept", "--out", str(tmp_path), "--quiet"]) == 0

    assert (tmp_path / "measures.yaml").is_file() and (tmp_path / "measures.yaml.before").is_file()


def test_measures_that_name_nothing_are_told_with_their_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """File, line and column, the nearest name, all at once."""
    file = tmp_path / "measures.yaml"
    file.write_text(
        "- {id: a, kind: plan_version, plan: CN, task: command_pst, faster: 0.5}\n"
        "- {id: b, kind: plan_version, plan: CM, task: command_pst, faster: 0.5}\n"
        "- {id: c, kind: plan_version, unit: enrgy, desk: true}\n",
        encoding="utf-8",
    )
    assert main(["run", str(FLAGSHIP), "--measures", str(file), "--out", str(tmp_path / "x"), "--quiet"]) == 3
    told = capsys.readouterr().err.splitlines()

    assert all(line.startswith(f"{file}:") for line in told)
    assert any(":2:" in line and "command_post" in line for line in told)
    assert any(":3:" in line and "energy" in line for line in told)


def test_the_flagship_is_reviewed_in_two_languages(flagship: Path) -> None:
    """No Chinese in the English but in names of things that have no English; nothing left open in a sentence."""
    english = sim.review(flagship, lang="en").render("md").decode()
    chinese = sim.review(flagship, lang="zh").render("md").decode()

    assert not re.search(r"[{}]|None\b", english + chinese)
    assert [
        line for line in english.splitlines() if re.search(r"[一-鿿]", line) and "reference configuration" not in line
    ] == []
    assert "The loop" not in chinese and "呈市长一页简报" in chinese

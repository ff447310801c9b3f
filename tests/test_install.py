"""Packaging: what people install holds all it needs, and works far from these sources and without a network."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as it would be published."""
    target = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(target)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    return next(target.glob("*.whl"))


def test_the_wheel_holds_programs_models_and_scenarios(wheel: Path) -> None:
    """Every file of sim, models and scenarios that git knows or would know is in the wheel, and nothing else is."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "sim", "models", "scenarios", "run_sim.py"],
        cwd=ROOT, check=True, capture_output=True, encoding="utf-8",
    ).stdout  # fmt: skip
    wanted = {name for name in listed.splitlines() if (ROOT / name).is_file()}
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}

    assert {"run_sim.py", "sim/cli/main.py", "models/travel/speeds.yaml", "scenarios/flagship"} <= held
    assert held == wanted


def test_the_wheel_carries_its_licences(wheel: Path) -> None:
    """Code and data each bring the licence they are under."""
    held = {Path(name).name for name in zipfile.ZipFile(wheel).namelist()}

    assert {"LICENSE", "LICENSE-data", "SOURCES.md"} <= held


def test_the_wheel_runs_a_case_far_from_the_sources(wheel: Path, tmp_path: Path) -> None:
    """Installed in an environment of its own, from another folder and without a network, the program runs and verifies."""
    home = tmp_path / "env"
    venv.create(home, with_pip=False)
    scripts = home / ("Scripts" if os.name == "nt" else "bin")
    python = scripts / ("python.exe" if os.name == "nt" else "python")
    site = Path(
        subprocess.check_output(
            [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], text=True
        ).strip()
    )
    # the packages we depend on are those of this environment; ours comes from the wheel
    (site / "packages.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    install = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(python),
        "install",
        "--no-index",
        "--no-deps",
        "--quiet",
        str(wheel),
    ]
    subprocess.run(install, check=True, capture_output=True)

    def liandong(*words: str) -> subprocess.CompletedProcess[str]:
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "LIANDONG"))}
        return subprocess.run(
            [scripts / "liandong", *words], cwd=tmp_path, env=environment, capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip

    ran = liandong("run", "toytown_detour", "--out", "toy", "--json")
    assert ran.returncode in {0, 1}, ran.stderr
    assert json.loads(ran.stdout)["summary"]["incidents"]["value"] >= 1
    assert (tmp_path / "toy" / "map.png").stat().st_size > 0
    verified = liandong("verify", "toy")
    assert verified.returncode == 0, verified.stderr

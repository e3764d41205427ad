"""`pip install .` brings both packages whole, with the style sheets and scripts of the reports, and the command.

It is tried on every Python that is supported and that the machine has, where packages can be had.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from config_changes_alarm import __version__

ROOT = Path(__file__).parents[2]
RULE, DESK = "config_changes_alarm", "config_changes_alarm_cli"


def run(command: Sequence[str], folder: Path, **variables: str) -> str:
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **variables}
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, env=environment).stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy of what git tracks: a build leaves folders behind."""
    copy = tmp_path_factory.mktemp("sources")
    for name in run(["git", "ls-files"], ROOT).splitlines():
        if (ROOT / name).exists():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, copy / name)
    build = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"
    run([sys.executable, "-c", build, str(copy / "dist")], copy, PYTHONPATH="")
    (found,) = (copy / "dist").glob("*.whl")
    return found


def test_it_has_every_file_of_both_packages_and_nothing_else(wheel: Path) -> None:
    tracked = run(["git", "ls-files", f"ConfigChangesAlarmRule/{RULE}", DESK], ROOT).splitlines()
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert packed == {name.removeprefix("ConfigChangesAlarmRule/") for name in tracked if (ROOT / name).exists()}
    assert {f"{DESK}/formats/page.css", f"{DESK}/formats/page.js", f"{DESK}/formats/diagram.css"} <= packed


def test_its_command_runs_in_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    (entry_points,) = (tmp_path / "site").glob("*.dist-info/entry_points.txt")
    assert f"config-changes-alarm = {DESK}:main" in entry_points.read_text()
    (tmp_path / "empty").mkdir()
    script = f"import sys; from {DESK} import main; sys.exit(main())"
    arguments = ["match", "{ $.eventName = Put* }", '{"eventName": "PutDeliveryChannel"}']
    said = run([sys.executable, "-c", script, *arguments], tmp_path / "empty", PYTHONPATH=str(tmp_path / "site"))
    assert said == "match\n"
    formats = f"import {DESK}.formats.page, {DESK}.formats.svg; print({DESK}.__file__)"
    where = run([sys.executable, "-c", formats], tmp_path / "empty", PYTHONPATH=str(tmp_path / "site"))
    assert Path(where.strip()).is_relative_to(tmp_path / "site")


# --------------------------------------------------------------------------- with pip, on every Python

RECORDING = Path(__file__).parent / "recordings" / "compliant.json"
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "PYTHONIOENCODING": "cp1252", "LC_ALL": "C"}
"""Of somebody without a home directory, on a console that is not UTF-8."""


def _python(version: str) -> str:
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    for python in (f"python{version}", *map(str, sorted(pyenv.glob(f"versions/{version}.*/bin/python")))):
        said = shutil.which(python) and subprocess.run(
            [python, "--version"], capture_output=True, text=True, check=False
        )
        if said and said.stdout.startswith(f"Python {version}."):
            return python
    pytest.skip(f"Python {version} is not installed")


@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13"])
def test_pip_installs_it(version: str, wheel: Path, tmp_path: Path) -> None:
    python = _python(version)
    subprocess.run([python, "-m", "venv", str(tmp_path / "venv")], check=True)
    programs = tmp_path / "venv" / "bin"
    pip = [str(programs / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", str(wheel)]
    installed = subprocess.run(pip, env={**os.environ, "PYTHONPATH": ""}, capture_output=True, text=True)
    if installed.returncode and re.search(r"connection|Could not find a version", installed.stderr):
        pytest.skip("no packages can be had here")
    assert installed.returncode == 0, installed.stderr
    (tmp_path / "empty").mkdir()

    def shell(script: str) -> str:
        variables = {**ENVIRONMENT, "PATH": f"{programs}:{ENVIRONMENT['PATH']}"}
        command = ["bash", "-c", f"set -o pipefail; {script}"]
        done = subprocess.run(command, cwd=tmp_path / "empty", env=variables, capture_output=True, check=False)
        return f"{done.returncode} {done.stdout.decode()}{done.stderr.decode()}"

    assert shell("config-changes-alarm --version") == f"0 config-changes-alarm {__version__}\n"
    assert "✓" in shell(f"config-changes-alarm replay {RECORDING}")
    assert shell(f"config-changes-alarm replay {RECORDING} --format html | head -c 15").endswith("<!doctype html>")
    assert shell(f"config-changes-alarm replay - --format junit < {RECORDING} | tail -1").startswith("0 </testsuite")
    assert shell(f"config-changes-alarm replay {RECORDING} | true") == "141 "
    assert "no Region" in shell("config-changes-alarm evaluate")
    assert list((tmp_path / "empty").iterdir()) == []

"""What `make package` builds: the rule and its libraries and nothing else, the same bytes everywhere."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from deploy.package import LAYER, ROOT, RULE, RULE_FOLDER, PackageError, layer_files, rule_files, write

DATED_1980 = (1980, 1, 1, 0, 0, 0)


def a_wheel(folder: Path, name: str, files: dict[str, str]) -> None:
    folder.mkdir(exist_ok=True)
    with zipfile.ZipFile(folder / name, "w") as wheel:
        for member, content in files.items():
            wheel.writestr(member, content)


def test_the_rule_is_its_folder_as_git_knows_it() -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", RULE_FOLDER.name],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout.splitlines()  # fmt: skip
    assert sorted(rule_files()) == sorted(name.removeprefix(f"{RULE_FOLDER.name}/") for name in tracked)


def test_what_tests_builds_and_editors_leave_behind_is_not_packed(tmp_path: Path) -> None:
    folder = tmp_path / "rule"
    shutil.copytree(RULE_FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    before = rule_files(folder)
    for left in (
        "__pycache__/ConfigChangesAlarmRule.cpython-311.pyc",
        "config_changes_alarm/__pycache__/chain.py",
        "ConfigChangesAlarmRule.zip",
        ".idea/settings.json",
        "config_changes_alarm/.chain.py.swp",
        "config_changes_alarm.egg-info/PKG-INFO",
    ):
        (folder / left).parent.mkdir(parents=True, exist_ok=True)
        (folder / left).write_text("left behind")
    assert rule_files(folder) == before


def test_the_same_bytes_whatever_the_times_the_modes_and_the_order(tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    for name in sorted(rule_files(), reverse=True):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes((RULE_FOLDER / name).read_bytes())
        (folder / name).chmod(0o600)
        os.utime(folder / name, (0, 0))
    here, there = write(tmp_path / "a.zip", rule_files()), write(tmp_path / "b.zip", rule_files(folder))
    assert (here.sha256, here.size, here.files) == (there.sha256, there.size, there.files)
    assert here.path.read_bytes() == there.path.read_bytes()


def test_everybody_may_read_what_is_unpacked(tmp_path: Path) -> None:
    with zipfile.ZipFile(write(tmp_path / "a.zip", {"b.py": b"", "a.py": b"pass\n"}).path) as archive:
        entries = archive.infolist()
    assert [entry.filename for entry in entries] == ["a.py", "b.py"]
    assert {stat.filemode(entry.external_attr >> 16) for entry in entries} == {"-rw-r--r--"}
    assert {entry.date_time for entry in entries} == {DATED_1980}


def test_the_layer_is_the_wheels_without_what_installers_and_tests_need(tmp_path: Path) -> None:
    a_wheel(
        tmp_path, "rdklib-0.3.10-py3-none-any.whl",
        {
            "rdklib/__init__.py": "", "rdklibtest/__init__.py": "", "rdklib-0.3.10.data/scripts/jp.py": "",
            "rdklib-0.3.10.dist-info/METADATA": "Version: 0.3.10", "rdklib-0.3.10.dist-info/LICENSE": "Apache-2.0",
            "rdklib-0.3.10.dist-info/RECORD": "", "rdklib-0.3.10.dist-info/WHEEL": "",
        },
    )  # fmt: skip
    assert sorted(layer_files(tmp_path)) == [
        "python/rdklib-0.3.10.dist-info/LICENSE",
        "python/rdklib-0.3.10.dist-info/METADATA",
        "python/rdklib/__init__.py",
    ]


def test_a_wheel_for_one_platform_is_refused(tmp_path: Path) -> None:
    a_wheel(tmp_path, "fast-1.0-cp311-cp311-manylinux_2_17_x86_64.whl", {"fast.so": ""})
    with pytest.raises(PackageError, match=r"fast-1\.0-.*x86_64\.whl is built for one platform"):
        layer_files(tmp_path)


def test_a_missing_source_is_named(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match="holds no wheels: run make package"):
        layer_files(tmp_path)
    with pytest.raises(PackageError, match="it is not the rule's folder"):
        rule_files(tmp_path)


@pytest.mark.built
def test_what_lies_in_dist_is_what_the_sources_give_now(tmp_path: Path) -> None:
    assert RULE.read_bytes() == write(tmp_path / "rule.zip", rule_files()).path.read_bytes()
    assert LAYER.read_bytes() == write(tmp_path / "layer.zip", layer_files()).path.read_bytes()


@pytest.mark.built
def test_the_layer_has_the_pinned_versions_and_no_more(tmp_path: Path) -> None:
    lines = (ROOT / "requirements/lambda.txt").read_text().splitlines()
    pinned = {tuple(line.split(" ")[0].split("==")) for line in lines if "==" in line}
    metadata = {
        (name.removesuffix(".dist-info").rpartition("-")[0].replace("_", "-"), version)
        for name, version in (
            (path.split("/")[1], path.split("/")[1].removesuffix(".dist-info").rpartition("-")[2])
            for path in zipfile.ZipFile(LAYER).namelist()
            if ".dist-info/" in path
        )
    }
    assert metadata == pinned


@pytest.mark.built
def test_the_handler_imports_from_the_unpacked_packages_alone(tmp_path: Path) -> None:
    for package, into in ((RULE, "task"), (LAYER, "opt")):
        with zipfile.ZipFile(package) as archive:
            archive.extractall(tmp_path / into)
    code = "import ConfigChangesAlarmRule as r, boto3, rdklib; print(r.__file__, boto3.__file__, rdklib.__file__)"
    answer = subprocess.run(
        [sys.executable, "-S", "-W", "error", "-c", code], check=True, capture_output=True, text=True,
        env={"PYTHONPATH": f"{tmp_path}/task:{tmp_path}/opt/python", "PYTHONDONTWRITEBYTECODE": "1"},
    ).stdout  # fmt: skip
    assert [Path(file).relative_to(tmp_path).parts[0] for file in answer.split()] == ["task", "opt", "opt"]

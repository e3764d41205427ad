"""What `make package` builds: the rule and its libraries and nothing else, the same bytes everywhere."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from config_changes_alarm import __version__

from deploy.bill_of_materials import bill_of_materials
from deploy.bytecode import compiles_for
from deploy.package import (
    CHECKSUMS,
    DIST,
    LAYER,
    REWRITINGS,
    ROOT,
    RULE,
    RULE_FOLDER,
    SBOM,
    PackageError,
    layer_files,
    left_out,
    rule_files,
    runtime,
    with_compiled,
    write,
)

from ..architecture import HANDLER, imports_of, made_of
from .wheels import a_wheel, pinned

DATED_1980 = (1980, 1, 1, 0, 0, 0)


def git(folder: Path, *arguments: str) -> None:
    """Without git's own variables: in a hook they would name this repository."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True, env=environment)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A repository elsewhere with the rule's folder as it is here, changes that are not yet committed included."""
    for name, content in rule_files().items():
        file = tmp_path / RULE_FOLDER.name / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    shutil.copy(ROOT / ".gitattributes", tmp_path)
    shutil.copy(ROOT / ".gitignore", tmp_path)
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    return tmp_path / RULE_FOLDER.name


STRAY = (
    "notes.txt",
    "try_out.py",
    "config_changes_alarm/old_chain.py",
    "config_changes_alarm/chain/.walk.py.swp",
    ".idea/settings.json",
    "ConfigChangesAlarmRule.zip",
    "__pycache__/ConfigChangesAlarmRule.cpython-311.pyc",
    "config_changes_alarm/__pycache__/chain.py",
    "config_changes_alarm.egg-info/PKG-INFO",
)
IGNORED = ("__pycache__", ".egg-info")


def test_what_git_does_not_track_is_not_packed(clone: Path) -> None:
    before = rule_files(clone)
    for name in STRAY:
        (clone / name).parent.mkdir(parents=True, exist_ok=True)
        (clone / name).write_text("left behind")
    assert rule_files(clone) == before
    assert set(left_out(clone)) == {name for name in STRAY if not any(part in name for part in IGNORED)}


def test_a_module_is_packed_once_it_is_added_and_as_it_stands(clone: Path) -> None:
    module = clone / "config_changes_alarm/new.py"
    module.write_text("ADDED = True\n")
    git(clone, "add", str(module))
    assert left_out(clone) == ()
    module.write_text("CHANGED = True\n")
    assert rule_files(clone)["config_changes_alarm/new.py"] == b"CHANGED = True\n"


def test_a_tracked_file_that_is_gone_is_named(clone: Path) -> None:
    (clone / "parameters.json").unlink()
    with pytest.raises(PackageError, match=r"parameters\.json, and it is not there: restore it"):
        rule_files(clone)


def test_the_same_bytes_whatever_the_times_the_modes_and_the_order(clone: Path, tmp_path: Path) -> None:
    for file in sorted(clone.rglob("*.py"), reverse=True):
        content = file.read_bytes()
        file.unlink()
        file.write_bytes(content)
        file.chmod(0o600)
        os.utime(file, (0, 0))
    here, there = write(tmp_path / "a.zip", rule_files()), write(tmp_path / "b.zip", rule_files(clone))
    assert (here.sha256, here.size, here.files) == (there.sha256, there.size, there.files)
    assert here.path.read_bytes() == there.path.read_bytes()


@pytest.mark.parametrize("forced", [False, True], ids=["core.autocrlf", "forced"])
def test_the_same_bytes_from_a_checkout_with_other_line_ends(forced: bool, clone: Path, tmp_path: Path) -> None:
    git(clone, "config", "core.autocrlf", "true")
    if forced:  # as an editor may do: this has precedence over .gitattributes
        (tmp_path / ".git/info/attributes").write_text("* text eol=crlf\n")
    shutil.rmtree(clone)
    git(tmp_path, "checkout-index", "--all")
    assert (b"\r\n" in (clone / "ConfigChangesAlarmRule.py").read_bytes()) is forced
    here, there = write(tmp_path / "a.zip", rule_files()), write(tmp_path / "b.zip", rule_files(clone))
    assert here.sha256 == there.sha256


def test_without_a_repository_it_is_said_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "ConfigChangesAlarmRule.py").touch()
    with pytest.raises(PackageError, match="Build from a clone; where these sources came as an archive, run `git init"):
        rule_files(tmp_path)
    git(tmp_path, "init", "--quiet")
    with pytest.raises(PackageError, match="it is not the rule's folder, or nobody has added it"):
        rule_files(tmp_path)
    git(tmp_path, "add", ".")
    assert rule_files(tmp_path) == {"ConfigChangesAlarmRule.py": b""}


def test_without_git_it_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PackageError, match="git is not installed"):
        rule_files()


NOT_IMPORTED = {
    "config_changes_alarm/control/catalogue.json": "control/catalogue.py reads it: the facts of every control",
    "parameters.json": "RDK reads it: the rule's name, triggers and parameters",
    "config_changes_alarm/py.typed": "empty; lies in the package for the type checkers of those who pip install it",
}


def test_all_that_is_packed_is_imported_by_the_function_sooner_or_later() -> None:
    packed = {name: content.decode() for name, content in rule_files().items() if name.endswith(".py")}
    modules = made_of(packed)
    imports = {each: set[str]() for each in modules}
    for found in imports_of(modules):
        imports[found.importer].add(found.imported)
    reached, asked = set[str](), [HANDLER]
    while asked:
        name = asked.pop()
        if name in modules and name not in reached:
            reached.add(name)
            asked += [*imports[name], name.rpartition(".")[0]]
    assert modules.keys() - reached == set()
    assert rule_files().keys() - packed.keys() == NOT_IMPORTED.keys()


def test_the_handler_loads_nothing_that_boto3_and_rdklib_do_not_load_anyway() -> None:
    code = (
        "import sys, boto3, rdklib; before = set(sys.modules); import ConfigChangesAlarmRule; "
        "print(*(set(sys.modules) - before), sep='\\n')"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(RULE_FOLDER), "PYTHONDONTWRITEBYTECODE": "1"},
    ).stdout.split()  # fmt: skip
    own = {name for name in loaded if name.partition(".")[0] in ("ConfigChangesAlarmRule", "config_changes_alarm")}
    assert set(loaded) - own <= {"gc", "unicodedata"}


def test_everybody_may_read_what_is_unpacked(tmp_path: Path) -> None:
    with zipfile.ZipFile(write(tmp_path / "a.zip", {"b.py": b"", "a.py": b"pass\n"}).path) as archive:
        entries = archive.infolist()
    assert [entry.filename for entry in entries] == ["a.py", "b.py"]
    assert {stat.filemode(entry.external_attr >> 16) for entry in entries} == {"-rw-r--r--"}
    assert {entry.date_time for entry in entries} == {DATED_1980}


def test_a_missing_source_is_named(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match="holds no wheels: run make package"):
        layer_files(tmp_path)


@pytest.mark.built
def test_what_lies_in_dist_is_what_the_sources_give_now(tmp_path: Path) -> None:
    assert RULE.read_bytes() == write(tmp_path / "rule.zip", with_compiled(rule_files(), *REWRITINGS)).path.read_bytes()
    assert LAYER.read_bytes() == write(tmp_path / "layer.zip", with_compiled(layer_files())).path.read_bytes()


@pytest.mark.built
def test_the_zips_are_small_and_every_module_in_them_is_compiled_where_this_python_is_the_runtimes() -> None:
    for package, limit in ((RULE, 3_000_000), (LAYER, 8_000_000)):
        assert package.stat().st_size < limit
        names = set(zipfile.ZipFile(package).namelist())
        if not compiles_for(runtime()):
            assert not any(name.endswith(".pyc") for name in names)
            continue
        tag = runtime().replace("python3.", "cpython-3")
        folders = ((name, *name.rpartition("/")) for name in names if name.endswith(".py"))
        assert {f"{at}{slash}__pycache__/{file[:-3]}.{tag}.pyc" for _, at, slash, file in folders} == {
            name for name in names if name.endswith(".pyc")
        }


def the_libraries(bill: bytes) -> dict[str, str]:
    return {each["name"]: each["version"] for each in json.loads(bill)["components"]}


def test_the_bill_of_materials_names_the_libraries_and_has_no_time(tmp_path: Path) -> None:
    metadata = "Name: Rdk_Lib\nVersion: 0.3.10\nLicense: Apache\n 2.0\n"
    a_wheel(tmp_path, "rdklib-0.3.10-py3-none-any.whl", {"rdklib-0.3.10.dist-info/METADATA": metadata})
    wheels = list(tmp_path.glob("*.whl"))
    bill = bill_of_materials(rule_files(), wheels)
    assert bill == bill_of_materials(rule_files(), wheels)
    content = json.loads(bill)
    assert (content["bomFormat"], content["specVersion"]) == ("CycloneDX", "1.5")
    assert content["metadata"]["component"]["version"] == __version__
    (library,) = content["components"]
    assert library["purl"] == "pkg:pypi/rdk-lib@0.3.10"
    assert library["hashes"] == [{"alg": "SHA-256", "content": hashlib.sha256(wheels[0].read_bytes()).hexdigest()}]
    assert library["licenses"] == [{"license": {"name": "Apache 2.0"}}]


@pytest.mark.built
def test_the_checksums_and_the_bill_of_materials_are_those_of_what_lies_in_dist() -> None:
    subprocess.run(["sha256sum", "--check", "--strict", CHECKSUMS.name], cwd=DIST, check=True, capture_output=True)
    assert SBOM.read_bytes() == bill_of_materials(rule_files(), (ROOT / "build/wheels").glob("*.whl"))
    assert the_libraries(SBOM.read_bytes()).items() == pinned()


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

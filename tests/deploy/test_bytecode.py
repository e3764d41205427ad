"""The compiled files of the packages: the same everywhere, loaded by the runtime, left alone by any other."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from deploy.bytecode import compiled, compiles_for
from deploy.package import REWRITINGS, ROOT, rule_files

THIS = f"python{sys.version_info.major}.{sys.version_info.minor}"
MODULE = "config_changes_alarm/requirement/requirement.py"


def unpacked(folder: Path) -> Path:
    """The rule's zip as Lambda unpacks it."""
    sources = rule_files()
    for name, content in {**sources, **compiled(sources, *REWRITINGS)}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def python(folder: Path, code: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False)


def break_source(folder: Path) -> None:
    """So that it is seen which one is loaded."""
    (folder / MODULE).write_text("raise ImportError('from the source')\n")


def test_the_runtime_loads_what_is_compiled_and_does_not_look_at_the_source(tmp_path: Path) -> None:
    break_source(unpacked(tmp_path))
    done = python(tmp_path, "from config_changes_alarm.requirement import Requirement; Requirement.parse()")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_runtime_of_another_version_loads_the_sources(tmp_path: Path) -> None:
    for file in unpacked(tmp_path).rglob("*.pyc"):  # what another version's files are called
        file.rename(file.with_name(file.name.replace(str(sys.implementation.cache_tag), "cpython-399")))
    code = "from config_changes_alarm.requirement import Requirement; Requirement.parse()"
    assert python(tmp_path, code).returncode == 0
    break_source(tmp_path)
    assert "from the source" in python(tmp_path, code).stderr


def test_a_traceback_names_the_file_where_it_lies(tmp_path: Path) -> None:
    code = "from config_changes_alarm.requirement import Requirement; Requirement.parse({'Unknown': 1})"
    assert f'File "{unpacked(tmp_path) / MODULE}", line' in python(tmp_path, code).stderr


@pytest.mark.parametrize(
    ("seed", "imported"), [("0", "json"), ("1", "json"), ("0", "moto.core, rdklib")], ids=["", "hashes", "imports"]
)
def test_the_same_bytes_in_every_process(seed: str, imported: str) -> None:
    code = (
        f"import hashlib, {imported}; from deploy.bytecode import compiled; "
        "from deploy.package import REWRITINGS, rule_files; "
        "print(hashlib.sha256(b''.join(compiled(rule_files(), *REWRITINGS).values())).hexdigest())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": f"ConfigChangesAlarmRule:{ROOT}"},
    )  # fmt: skip
    assert done.stdout.strip() == hashlib.sha256(b"".join(compiled(rule_files(), *REWRITINGS).values())).hexdigest()


NESTED = "def outer():\n    class Inner:\n        text = 'outer.<locals>.Inner', {'a b', 1.5}\n    return Inner\n"


def test_the_same_bytes_when_the_module_itself_was_imported() -> None:
    """Its texts are interned then, such as the qualified names of classes within functions."""
    before = compiled({"nested.py": NESTED.encode()})
    namespace: dict[str, Any] = {}
    exec(NESTED, namespace)
    kept = (
        namespace["outer"](),
        sys.intern("outer.<locals>." + "Inner"),
        sys.intern("a " + "b"),
        sys.intern("nested.py"),
    )
    assert compiled({"nested.py": NESTED.encode()}) == before
    del kept


def test_nothing_tells_where_it_was_built(tmp_path: Path) -> None:
    assert not any(str(ROOT).encode() in content for content in compiled(rule_files()).values())


def test_only_the_version_of_this_python_is_compiled_for() -> None:
    assert compiles_for(THIS)
    assert not compiles_for("python3.99")
    assert set(compiled({"a.py": b"", "b/c.py": b"pass\n", "b/d.json": b"{}"})) == {
        f"__pycache__/a.{sys.implementation.cache_tag}.pyc",
        f"b/__pycache__/c.{sys.implementation.cache_tag}.pyc",
    }

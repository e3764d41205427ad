"""The laws of the house hold, and each would be seen to be broken."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .architecture import (
    DESK,
    FLOORS,
    HANDLER,
    LINES,
    RULE,
    Modules,
    beyond_a_library,
    beyond_the_docstring,
    beyond_the_standard_library,
    circles,
    made_of,
    modules_of,
    past_the_door,
    told,
    too_long,
    upward,
)

ROOT = Path(__file__).parents[1]
HOUSE = modules_of(ROOT)
LAWS = (upward, circles, past_the_door, beyond_the_standard_library, beyond_a_library, beyond_the_docstring)

Law = Callable[[Modules], Iterator[str]]


def test_the_whole_house_is_looked_at() -> None:
    assert {HANDLER, f"{RULE}.account.aws", f"{DESK}.formats.page", "demo.evaluate"} <= HOUSE.keys()
    assert {module.room for module in HOUSE.values()} == {room for floor in FLOORS for room in floor}


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_nothing_imports(law: Law) -> None:
    broken = told(law(HOUSE))
    assert not broken, broken


def test_no_module_is_too_long() -> None:
    tracked = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    paths = [path for path in tracked.splitlines() if (ROOT / path).exists()]
    assert len(paths) > 100
    broken = told(too_long({path: (ROOT / path).read_text(encoding="utf-8") for path in paths}))
    assert not broken, broken


def test_the_rule_s_folder_is_no_package() -> None:
    assert not (ROOT / HANDLER / "__init__.py").exists()


def test_the_tests_lie_as_the_house_does() -> None:
    rooms = {room for floor in FLOORS for room in floor} | {"deployments"}  # whole accounts, through every room
    assert {path.name for path in (ROOT / "tests").iterdir() if any(path.glob("**/test_*.py"))} <= rooms


def test_the_map_shows_every_room() -> None:
    page = (ROOT / "docs/contributing.md").read_text(encoding="utf-8")
    assert [room for floor in FLOORS for room in floor if not re.search(rf"`{room}[/`.]", page)] == []


# --------------------------------------------------------------------------- what would break them

ALARM, WALK = f"{RULE}/alarm/metric_alarm.py", f"{RULE}/chain/walk.py"
PACKAGES = {
    f"{RULE}/__init__.py": "",
    f"{RULE}/alarm/__init__.py": '"""Alarms.\n\nMay import `resources` and\n`metric_filter`. Must never read."""\n',
    f"{RULE}/chain/__init__.py": '"""May import everything below: the hops."""\nfrom .walk import assess\n',
    f"{RULE}/metric_filter/__init__.py": '"""May import `resources`."""\n',
    f"{RULE}/metric_filter/publication.py": "",
    f"{RULE}/proof/__init__.py": '"""May import the standard library and `filter_pattern`."""\n',
    f"{RULE}/filter_pattern/__init__.py": '"""Imports the standard library alone."""\n',
    f"{RULE}/filter_pattern/matching.py": "",
    f"{RULE}/resources/__init__.py": '"""Imports the standard library alone."""\n',
    f"{RULE}/account/__init__.py": '"""May import `resources`."""\n',
    f"{RULE}/account/aws/__init__.py": "import boto3\n",
    f"{RULE}/truth.py": "",
    f"{DESK}/__init__.py": "",
    f"{DESK}/access.py": "import boto3, botocore.session\n",
    WALK: "from ..alarm import fires\nfrom ..metric_filter import publishes\nfrom .. import truth\n",
    ALARM: "import re\nfrom ..metric_filter import Publication\nfrom ..resources import Topic\n",
}

BROKEN: tuple[tuple[Law, str, str, str], ...] = (
    (
        upward, ALARM, "from ..chain import assess",
        f"{RULE}.alarm.metric_alarm (line 1) imports {RULE}.chain, which stands above it",
    ),
    (
        upward, f"{RULE}/trail/delivery.py", f"from {RULE}.alarm import fires",
        f"{RULE}.trail.delivery (line 1) imports {RULE}.alarm, which stands on the same floor",
    ),
    (
        upward, f"{HANDLER}.py", f"def lambda_handler():\n    import {DESK}",
        f"{HANDLER} (line 2) imports {DESK}, which stands on the same floor",
    ),
    (upward, f"{RULE}/cellar.py", "", "cellar stands on no floor: FLOORS has to say where"),
    (
        circles, ALARM, "from . import metric_math",
        f"a circle: {RULE}.alarm.metric_alarm is imported by {RULE}.alarm.metric_math is imported by "
        f"{RULE}.alarm.metric_alarm",
    ),
    (
        past_the_door, ALARM, "from ..metric_filter.publication import publishes",
        f"{RULE}.alarm.metric_alarm (line 1) imports {RULE}.metric_filter.publication: import it from "
        f"{RULE}.metric_filter, which exports what others need",
    ),
    (
        past_the_door, "demo/evaluate.py", f"import {DESK}.access",
        f"demo.evaluate (line 1) imports {DESK}.access: import it from {DESK}, which exports what others need",
    ),
    (
        beyond_the_standard_library, ALARM, "import re\nimport boto3",
        f"{RULE}.alarm.metric_alarm (line 2) imports boto3: it has to do without",
    ),
    (
        beyond_the_standard_library, f"{DESK}/access.py", "import rdklib",
        f"{DESK}.access (line 1) imports rdklib: it has to do without",
    ),
    (
        beyond_a_library, f"{RULE}/proof/coverage.py", "from ..resources import Topic",
        f"{RULE}.proof.coverage (line 1) imports {RULE}.resources: it is a library of its own",
    ),
    (
        beyond_the_docstring, ALARM, "from .. import truth",
        f"{RULE}.alarm.metric_alarm (line 1) imports {RULE}.truth: the docstring of {RULE}.alarm does not allow it",
    ),
    (
        beyond_the_docstring, f"{RULE}/account/__init__.py", '"""The account."""',
        f"{RULE}.account does not say what it may import",
    ),
)  # fmt: skip


def test_a_house_in_order_breaks_none() -> None:
    assert [told(law(made_of(PACKAGES))) for law in LAWS] == [""] * len(LAWS)


@pytest.mark.parametrize(("law", "path", "source", "sentence"), BROKEN, ids=[each[3][:70] for each in BROKEN])
def test_what_breaks_a_law_is_named(law: Law, path: str, source: str, sentence: str) -> None:
    beside = {f"{RULE}/alarm/metric_math.py": f"import {RULE}.alarm.metric_alarm"}
    assert list(law(made_of({**PACKAGES, **beside, path: source}))) == [sentence]


def test_a_function_may_have_the_name_of_its_module() -> None:
    within = {
        f"{RULE}/metric_filter/__init__.py": '"""May import `resources`."""\nfrom .publishes import publishes\n',
        f"{RULE}/metric_filter/publishes.py": "",
    }
    assert told(past_the_door(made_of({**PACKAGES, **within}))) == ""


def test_the_proof_may_look_into_the_language() -> None:
    within = {f"{RULE}/proof/solving.py": "from ..filter_pattern.matching import read"}
    assert told(past_the_door(made_of({**PACKAGES, **within}))) == ""


def test_a_long_module_says_why() -> None:
    long = "x = 1\n" * LINES
    assert list(too_long({"a.py": long, "b.py": f'"""A table, long on\npurpose: it is one."""\n{long}'})) == []
    assert list(too_long({"a.py": f"{long}x = 1\n"})) == [
        f"a.py has {LINES + 1} lines: split it, or let its docstring say why it is long on purpose"
    ]

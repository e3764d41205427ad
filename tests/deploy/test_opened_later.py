"""Packages whose doors are opened when something is asked for, and what a compliant evaluation loads then."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from demo.embedded_aws import EmbeddedAws
from demo.evaluate import scheduled_event
from deploy.bytecode import compiled
from deploy.opened_later import opened_later
from deploy.package import REWRITINGS, RULE_FOLDER, rule_files

from ..accounts import an_account

BENCHMARKS = RULE_FOLDER.parent / "benchmarks"


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The rule's zip as Lambda unpacks it: whatever is imported is what was compiled."""
    folder, sources = tmp_path_factory.mktemp("rule"), rule_files()
    for name, content in {**sources, **compiled(sources, *REWRITINGS)}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"raise ImportError('a source')" if name.endswith(".py") else content)
    return folder


def run(folder: Path, code: str, **environment: str) -> Any:
    """What the code prints, as JSON."""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, input=json.dumps(scheduled_event()),
        env={**os.environ, **environment, "PYTHONPATH": f"{folder}{os.pathsep}{BENCHMARKS}"},
    )  # fmt: skip
    assert not done.returncode, done.stderr
    return json.loads(done.stdout)


# --------------------------------------------------------------------------- every name is behind its door

EXPORTS = """
import importlib, json, pkgutil, config_changes_alarm
found = {}
walked = pkgutil.walk_packages(config_changes_alarm.__path__, "config_changes_alarm.")
for package in ORDER([each.name for each in walked if each.ispkg]):
    module = importlib.import_module(package)
    for name in ORDER(module.__all__):
        each = getattr(module, name)
        members = (getattr(each, member, None) for member in ("__module__", "__qualname__"))
        found[f"{package}.{name}"] = [type(each).__name__, *members]
print(json.dumps(found, sort_keys=True))
"""


@pytest.mark.parametrize("order", ["list", "lambda names: list(reversed(names))"], ids=["", "the last first"])
def test_a_package_exports_what_its_source_does(package: Path, order: str) -> None:
    code = EXPORTS.replace("ORDER", f"({order})")
    in_the_package, in_the_sources = run(package, code), run(RULE_FOLDER, EXPORTS.replace("ORDER", "(list)"))
    assert len(in_the_sources) > 150
    assert in_the_package == in_the_sources


def test_a_name_is_the_same_however_it_is_asked_for(package: Path) -> None:
    code = (
        "import json, config_changes_alarm.control as control;"
        "from config_changes_alarm.control import selected_members;"
        "from config_changes_alarm.control.routine_events import routine_matches;"
        "import config_changes_alarm.control.selected_members as module;"
        "print(json.dumps([control.selected_members is selected_members, callable(selected_members),"
        " control.routine_matches is routine_matches, 'routine_matches' in vars(control)]))"
    )
    assert run(package, code) == [True, True, True, True]


def test_what_is_not_exported_is_not_there(package: Path) -> None:
    code = (
        "import json, config_changes_alarm.alarm as alarm\n"
        "try: from config_changes_alarm.alarm import nothing\n"
        "except ImportError as error: print(json.dumps([str(error).partition(' (')[0], hasattr(alarm, 'nothing')]))"
    )
    assert run(package, code) == ["cannot import name 'nothing' from 'config_changes_alarm.alarm'", False]


@pytest.mark.parametrize(
    "source",
    [
        "from .a import b\nVERSION = b\n",
        "from .a import b as c\n",
        "from ..a import b\n",
        "from . import b\n",
        "import json\nfrom .a import b\n",
        "x = 1\n",
    ],
)
def test_a_module_that_does_more_than_export_stays_as_it_is(source: str) -> None:
    assert ast.unparse(opened_later(ast.parse(source))) == ast.unparse(ast.parse(source))


# --------------------------------------------------------------------------- what is loaded

LOADED = """
. account alarm assessment chain control filter_pattern findings metric_filter notification proof report requirement
resources trail truth
account. aws door memory outcomes questions threads
account.aws. aws_lambda calling clients cloudtrail cloudwatch connections errors kms logs organizations owner pace
parsing sns source sqs
alarm. action_history actions alarm_state metric_alarm metric_signal mute_rules series silence
chain. alarms aws_answers context coverage filters judging metrics reasons routine_traffic shared_metric sources
subscriptions topic walk
control. catalogue cloudtrail_record recorded_calls required_events required_records routine_events selected_members
service_calls
filter_pattern. answer automaton comparison cursor json_pattern_matching json_pattern_parser json_value matching
operand_parser parser regular_expression selector syntax syntax_error
findings. legible reason
metric_filter. publication shared_metric
notification. acceptance access_policy alarm_message condition service_request subscription topic
proof. alternatives certainty condition_tree coverage fixed_fields formula record_model satisfiability search solving
work
requirement. parameters requirement
resources. answers aws_lambda cloudtrail cloudwatch kms logs names organizations sns sqs
trail. delivery event_selectors reason
"""
"""The modules that a compliant evaluation may load, by package. Each costs a millisecond at every cold start: a new one
belongs here only if a compliant account needs it; otherwise import it where it is asked for."""

EVALUATE = """
import json, sys
from importlib import import_module
handler = import_module(NAME).lambda_handler
answer = handler(json.load(sys.stdin), None)
print(json.dumps({"verdict": answer[0]["ComplianceType"], "modules": sorted(sys.modules)}))
"""


def may_be_loaded() -> set[str]:
    modules, folder = {"config_changes_alarm"}, ""
    for word in LOADED.split():
        if word.endswith("."):
            folder = word.removeprefix(".")
        else:
            modules.add(f"config_changes_alarm.{folder}{word}")
    return modules


def loaded(aws: EmbeddedAws, folder: Path, handler: str) -> set[str]:
    told = run(folder, EVALUATE.replace("NAME", repr(handler)), **aws.environment())
    assert told["verdict"] == "COMPLIANT"
    return set(told["modules"])


def test_a_compliant_evaluation_loads_what_it_needs(aws: EmbeddedAws, package: Path) -> None:
    an_account(aws)
    ours = loaded(aws, package, "ConfigChangesAlarmRule")
    assert {name for name in ours if name.startswith("config_changes_alarm")} == may_be_loaded()
    others = {name for name in ours if not name.startswith(("config_changes_alarm", "ConfigChangesAlarmRule"))}
    assert others - loaded(aws, package, "plain_handler") <= set(sys.builtin_module_names)

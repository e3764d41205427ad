"""Names that would act on whoever reads a report: no format lets one through, and commands still name what is meant."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from config_changes_alarm.assessment import Assessment
from config_changes_alarm.chain import assess
from config_changes_alarm.report import annotation
from config_changes_alarm.requirement import Requirement
from config_changes_alarm.resources import LogGroup, LogGroupId, Metric, MetricFilter

from config_changes_alarm_cli import main
from config_changes_alarm_cli.evaluation import NotEvaluated
from config_changes_alarm_cli.formats.rendering import SEVERAL, SINGLE, Together, rendered, rendered_together
from config_changes_alarm_cli.formats.style import PLAIN
from config_changes_alarm_cli.recording import Recorder
from tests.accounts import EVENTS, pattern_for
from tests.fake_account import (
    ACCOUNT,
    NOW,
    REGION,
    ConfiguredTrail,
    FakeAccount,
    a_filter,
    a_monitored_account,
    a_subscription,
    a_trail,
    an_alarm,
    logging,
)

from .accounts import assessed, evaluated

PAINTED = "x\x1b[1A\x1b[2K\r\x1b[32mCOMPLIANT\x1b[0m"
HOSTILE = f"{PAINTED}\u202e\u2066\x9b\u2028\ud800"
GROUP = LogGroupId("aws", ACCOUNT, REGION, f"group{HOSTILE}")
METRIC = Metric(f"CIS{HOSTILE}", f"Changes{HOSTILE}")


def hostile(**members: object) -> FakeAccount:
    """The monitored account, with such a name wherever somebody can choose one."""
    named = {
        "configured_trails": (ConfiguredTrail(a_trail(f"trail{HOSTILE}", GROUP), logging()),),
        "log_groups": (LogGroup(GROUP, "STANDARD"),),
        "filters": (a_hostile_filter(pattern_for(*EVENTS)),),
        "metric_alarms": (an_alarm(f"alarm{HOSTILE}", metric=METRIC),),
        "subscribed": (a_subscription(endpoint=f"{HOSTILE}@example.com"),),
    }
    return a_monitored_account(**{**named, **members})


def a_hostile_filter(pattern: str) -> MetricFilter:
    names = {"metric_namespace": METRIC.namespace, "metric_name": METRIC.metric_name}
    return a_filter(pattern, f"filter{HOSTILE}", log_group=GROUP, **names)


ONE_USER = f'{{ $.eventSource = config.amazonaws.com && $.userIdentity.userName != "{HOSTILE}" }}'
ACCOUNTS = {
    "whole": hostile(),
    "the trail is stopped": hostile(
        configured_trails=(ConfiguredTrail(a_trail(f"trail{HOSTILE}", GROUP), logging(is_logging=False)),)
    ),
    "a filter excepts somebody": hostile(filters=(a_hostile_filter(ONE_USER),)),
    "a pattern is none": hostile(filters=(a_hostile_filter(f"{{ $.eventName = {HOSTILE} ]"),)),
    "no alarm": hostile(metric_alarms=()),
    "the actions are off": hostile(
        metric_alarms=(an_alarm(f"alarm{HOSTILE}", metric=METRIC, actions_enabled=False),),
    ),
    "nobody has confirmed": hostile(subscribed=(a_subscription("PendingConfirmation", f"{HOSTILE}@example.com"),)),
    "alarms may not be read": hostile().refusing("cloudwatch:DescribeAlarmsForMetric", "cloudwatch:DescribeAlarms"),
}
ASSESSMENTS = {name: assessed(account) for name, account in ACCOUNTS.items()}
each_account = pytest.mark.parametrize("assessment", ASSESSMENTS.values(), ids=list(ASSESSMENTS))


def acting(text: str) -> set[str]:
    """The characters that are not printable, but for line ends."""
    return {char for char in text if not char.isprintable()} - set("\r\n")


@each_account
@pytest.mark.parametrize("name", SINGLE)
def test_no_format_lets_such_a_character_through(name: str, assessment: Assessment) -> None:
    report = rendered(name, evaluated(assessment))
    assert acting(report) == set()
    assert "\r" not in report.replace("\r\n", "")


@each_account
def test_json_holds_them_as_text_and_not_as_characters(assessment: Assessment) -> None:
    def texts(value: object) -> str:
        if isinstance(value, dict):
            return "".join(key + texts(each) for key, each in value.items() if key != "counterexample")
        return "".join(map(texts, value)) if isinstance(value, list) else str(value)

    for name in ("json", "asff", "ocsf"):
        assert acting(texts(json.loads(rendered(name, evaluated(assessment))))) == set()


@each_account
def test_nor_does_the_annotation(assessment: Assessment) -> None:
    assert annotation(assessment).isprintable()


@pytest.mark.parametrize("together", Together)
@pytest.mark.parametrize("name", SEVERAL)
def test_nor_do_many_accounts(name: str, together: Together) -> None:
    outcomes = [evaluated(assessment) for assessment in ASSESSMENTS.values()]
    assert acting(rendered_together(name, outcomes, PLAIN, together)) == set()


def test_a_name_can_still_be_recognised() -> None:
    report = json.loads(rendered("json", evaluated(ASSESSMENTS["the trail is stopped"])))
    shown = r"trailx\x1b[1A\x1b[2K\r\x1b[32mCOMPLIANT\x1b[0m\u202e\u2066\x9b\u2028\ud800"
    assert [finding["subject"] for finding in report["findings"]] == [shown]


def test_the_command_names_the_very_alarm() -> None:
    name = f"alarm{PAINTED}\u202e"
    account = a_monitored_account(metric_alarms=(an_alarm(name, actions_enabled=False),))
    found = assessed(account)
    report = json.loads(rendered("json", evaluated(found)))
    remedy = report["findings"][0]["remedy"]
    script = f'aws() {{ printf "%s\\0" "$@"; }}\n{remedy}'
    typed = subprocess.run(["bash", "-c", script], check=True, capture_output=True).stdout.decode().split("\0")
    assert typed[typed.index("--alarm-names") + 1] == name


INJECTED = "x'; touch injected; echo $(touch injected) `touch injected` \n touch injected #\r\u202e\x1b[2K"


@pytest.mark.parametrize(
    "account",
    [
        a_monitored_account(filters=(a_filter(ONE_USER.replace(HOSTILE, INJECTED), INJECTED),)),
        a_monitored_account(metric_alarms=(an_alarm(INJECTED, actions_enabled=False),)),
        a_monitored_account(metric_alarms=(an_alarm(INJECTED, threshold=2.0),)),
        a_monitored_account(filters=(a_filter(name=INJECTED, metric_name=INJECTED, metric_namespace=INJECTED),)),
        a_monitored_account(configured_trails=(ConfiguredTrail(a_trail(INJECTED), logging(is_logging=False)),)),
        a_monitored_account(subscribed=(a_subscription("PendingConfirmation", INJECTED),)),
    ],
    ids=["filter", "actions", "threshold", "metric", "trail", "endpoint"],
)
def test_no_name_runs_a_command_of_its_own(account: FakeAccount, tmp_path: Path) -> None:
    report = json.loads(rendered("json", evaluated(assessed(account))))
    remedies = [finding["remedy"] for finding in report["findings"]]
    assert remedies
    for remedy in remedies:
        lines = [line for line in remedy.splitlines() if "<" not in line]
        subprocess.run(["bash", "-ec", "\n".join(("aws() { :; }", *lines))], check=True, cwd=tmp_path)
        if lines:
            assert all(line.startswith("aws ") for line in lines)
    assert list(tmp_path.iterdir()) == []


def test_a_cell_of_a_spreadsheet_is_no_formula() -> None:
    name = '=HYPERLINK("https://example.com","COMPLIANT")'
    report = rendered("csv", evaluated(ASSESSMENTS["no alarm"], name))
    assert "\"'=HYPERLINK(" in report


def test_an_account_that_cannot_be_evaluated_says_so_in_one_line() -> None:
    outcome = NotEvaluated("odd", "", REGION, "no")
    assert acting(rendered_together("text", [outcome], PLAIN)) == set()


def test_a_pattern_is_explained_without_its_characters(capsys: pytest.CaptureFixture[str]) -> None:
    main(["explain-pattern", ONE_USER.replace("\ud800", "")])
    assert acting(capsys.readouterr().out) == set()


@pytest.mark.parametrize("name", SINGLE)
def test_a_recording_of_somebody_else_acts_on_nobody(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever it holds as a required event."""
    required = f'{{ $.eventName = "Stop{PAINTED}" }}'
    recorder = Recorder(a_monitored_account())
    assess(recorder.account(), Requirement.parse({"RequiredFilterPattern": required}), NOW)
    recorder.recording(NOW, {"RequiredFilterPattern": required}).save(tmp_path / "recording.json")
    assert main(["replay", str(tmp_path / "recording.json"), "--format", name]) == 1
    assert acting(capsys.readouterr().out) == set()


@pytest.mark.parametrize("name", SINGLE)
def test_nor_do_an_account_and_a_region(name: str) -> None:
    found = replace(ASSESSMENTS["no alarm"], account_id=f"1{PAINTED}", region=f"us{PAINTED}")
    assert acting(rendered(name, evaluated(found))) == set()


def test_what_went_wrong_is_said_without_such_characters(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", f"/nowhere/{PAINTED}"]) == 2
    assert acting(capsys.readouterr().err) == set()

"""`config-changes-alarm plan`: what it prints, where, and with which exit status."""

from __future__ import annotations

import io
import json
import re
import shlex
import sys
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from config_changes_alarm_cli import main

from .plans import HERE, Edit, a_plan, planned

SCHEMA = json.loads((HERE.parents[2] / "docs" / "plan.schema.json").read_text(encoding="utf-8"))
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Writes a plan and judges it: exit status, standard output, standard error."""
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)

    def judge(name: str, *options: str, edits: tuple[Edit, ...] = ()) -> tuple[int, str, str]:
        (tmp_path / "plan.json").write_text(json.dumps(a_plan(name, *edits)), encoding="utf-8")
        status = main(["plan", "plan.json", *options])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return judge


@pytest.mark.parametrize(
    ("name", "status"), [("complete", 0), ("baseline_modules", 1), ("two_topics", 4), ("policy_as_json", 4)]
)
def test_the_exit_status_is_that_of_an_evaluation(run: Run, name: str, status: int) -> None:
    assert run(name, "--quiet") == (status, "", "")
    assert run(name, "--quiet", "--exit-zero") == (0, "", "")


def test_of_several_controls_the_worst_counts(run: Run) -> None:
    both = ("--control", "root-usage", "--control", "aws-config-changes")
    assert run("controls_module", "-q", *both)[0] == 0
    assert run("controls_module", "-q", *both, "--control", "cloudtrail-changes")[0] == 1


BASELINE = """\
aws-config-changes: AWS Config configuration changes are monitored
account 123456789012, eu-west-1, version 0.1.0

Assumed, because a plan cannot know it
  module.trail.aws_cloudtrail.global
    - takes its cloud_watch_logs_group_arn from
      module.trail.aws_cloudwatch_log_group.events[0]
    - it is allowed to deliver to its log group and its bucket, and does
  module.alarms.aws_cloudwatch_metric_alarm.config_changes[0]
    - no mute rule silences it, and it is not in ALARM already
    - takes its metric_name from
      module.alarms.aws_cloudwatch_log_metric_filter.config_changes[0]
    - takes its alarm_actions from module.alarms.aws_sns_topic.alarms
  module.alarms.aws_sns_topic_policy.alarms
    - takes its arn from module.alarms.aws_sns_topic.alarms
    - takes its policy from module.alarms.data.aws_iam_policy_document.alarms
  module.alarms.data.aws_iam_policy_document.alarms
    - takes its resources from module.alarms.aws_sns_topic.alarms
  the plan as a whole
    - nothing beside the plan stands in its way: no other filter publishes to
      the metric, no policy of the organization denies it

The chain that the plan would leave
✓ trail cloudtrail-multi-region (module.trail.aws_cloudtrail.global)
└ ✓ log group cloudtrail-multi-region
    (module.trail.aws_cloudwatch_log_group.events[0])
  └ ✓ metric filter ConfigChanges
      (module.alarms.aws_cloudwatch_log_metric_filter.config_changes[0])
    └ ✓ alarm ConfigChanges
        (module.alarms.aws_cloudwatch_metric_alarm.config_changes[0])
      └ ✓ topic CISAlarm (module.alarms.aws_sns_topic.alarms)
        └ ✗ Topic CISAlarm has no subscription

Would somebody be told?
  ✗ StopConfigurationRecorder, DeleteDeliveryChannel, PutDeliveryChannel and
    PutConfigurationRecorder would go unnoticed

would be NON_COMPLIANT
  ✗ Topic CISAlarm has no subscription [no-subscription]
    at module.alarms.aws_sns_topic.alarms
    Subscribe somebody and have them confirm.
"""


def test_the_report_says_would_be_and_prints_no_command(run: Run) -> None:
    assert run("baseline_modules")[1] == BASELINE
    for name in ("baseline_modules", "two_topics", "alarms_only", "two_regions", "policy_as_json"):
        for format_name in ("text", "markdown", "json"):
            assert "aws sns " not in run(name, "-f", format_name)[1]
            assert "--role-name" not in run(name, "-f", format_name)[1]


@pytest.mark.parametrize("name", ["complete", "baseline_modules", "two_topics", "alarms_only", "math_and_composite"])
def test_json_is_as_its_schema_says(run: Run, name: str) -> None:
    report = json.loads(run(name, "--format", "json")[1])
    jsonschema.validate(report, SCHEMA)
    (control,) = report["controls"]
    assert control["assumed"]
    assert all(event["covered"] for event in control["events"].values()) is (control["would_be"] == "COMPLIANT")


def test_markdown_is_text_whatever_a_resource_is_called(run: Run) -> None:
    hostile = planned("aws_sns_topic.security", name="<script>|[x](y)`\n# COMPLIANT")
    printed = run("policy_as_json", "-f", "markdown", edits=(hostile,))[1]
    assert "<script>" not in re.sub(r"\\<|(`+).*?\1", "", printed)
    assert "\n# COMPLIANT" not in printed
    assert "[x](y)" not in printed


def test_the_page_shows_the_end_of_a_real_report() -> None:
    page = (HERE.parents[2] / "docs" / "command-line.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"```\n(The chain that the plan.*?)```", page, re.DOTALL)
    assert BASELINE.endswith(shown)


def test_the_recipe_for_a_pull_request_leaves_its_report_for_the_summary(run: Run, tmp_path: Path) -> None:
    page = (HERE.parents[2] / "docs" / "command-line.md").read_text(encoding="utf-8")
    ((line,), (kept,)) = (
        re.findall(r"- run: config-changes-alarm plan plan.json (.*)", page),
        re.findall(r"- run: cat (\S+) >> \"\$GITHUB_STEP_SUMMARY\"", page),
    )
    assert run("two_topics", *shlex.split(line)) == (4, "", "")
    assert (tmp_path / kept).read_text(encoding="utf-8").startswith("## ")


def test_control_characters_reach_no_terminal(run: Run) -> None:
    painted = planned("aws_sns_topic.security", name="\x1b[2J\x1b[32mCOMPLIANT")
    assert "\x1b" not in run("policy_as_json", edits=(painted,))[1]


def test_the_report_goes_where_it_is_wanted(run: Run, tmp_path: Path) -> None:
    status, out, err = run("complete", "-f", "markdown", "-o", "report.md")
    assert (status, out, err) == (0, "", "")
    assert (tmp_path / "report.md").read_text(encoding="utf-8").startswith("## ")
    assert run("complete", "-o", "-")[1].endswith("\nwould be COMPLIANT, if what is assumed holds\n")


def test_a_plan_may_come_from_standard_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps(a_plan()).encode("utf-8-sig"))))
    assert main(["plan", "-"]) == 0
    assert "\nwould be COMPLIANT" in capsys.readouterr().out


PROBLEMS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("plan", "nowhere.json"), "cannot read nowhere.json: No such file or directory"),
    (("plan", "."), "cannot read .: Is a directory"),
    (
        ("plan", "state.json"),
        "state.json cannot be judged: it is a state, which says what is there and not what would be: give what "
        "`terraform show -json PLAN` prints",
    ),
    (("plan", "plan.json", "--control", "none-such"), "none-such"),
    (("plan", "plan.json", "--region", "Ireland"), "'Ireland' is no Region"),
    (("plan", "plan.json", "--account", "aws.x=12"), "'12' is no account id"),
    (("plan", "plan.json", "--region", "eu-west-1", "--region", "eu-west-2"), "provider aws is given twice"),
    (("plan", "plan.json", "--assume-topic", "security"), "'security' is not the ARN of a topic"),
    (("plan", "plan.json", "-o", "no/such/report.md"), "cannot write no/such/report.md: No such file or directory"),
)


@pytest.mark.parametrize(("argv", "sentence"), PROBLEMS, ids=[" ".join(each[0]) for each in PROBLEMS])
def test_what_cannot_be_judged_is_a_sentence_and_status_2(
    argv: tuple[str, ...],
    sentence: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plan.json").write_text(json.dumps(a_plan()), encoding="utf-8")
    (tmp_path / "state.json").write_text('{"format_version": "1.0", "values": {}}', encoding="utf-8")
    assert main(argv) == 2
    printed = capsys.readouterr()
    assert sentence in printed.err
    assert printed.out == ""
    assert printed.err.count("\n") == 1


REGISTER = """
[[exceptions]]
finding = "no-subscription"
subject = "CISAlarm"
reason = "Somebody subscribes by hand"
expires = 2999-12-31
"""


def test_what_is_accepted_on_purpose_does_not_fail_and_is_in_every_report(run: Run, tmp_path: Path) -> None:
    (tmp_path / "exceptions.toml").write_text(REGISTER, encoding="utf-8")
    for format_name in ("text", "markdown", "json"):
        status, out, _ = run("baseline_modules", "--exceptions", "exceptions.toml", "-f", format_name)
        assert status == 0
        assert "Somebody subscribes by hand" in out
        assert "NON" in out
    assert run("two_regions", "--exceptions", "exceptions.toml", "-q")[0] == 1


def test_the_region_of_the_environment_is_the_last_resort(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def unsaid(document: dict[str, object]) -> None:
        del document["configuration"]["provider_config"]["aws"]["expressions"]["region"]  # type: ignore[index]

    status, _, err = run("policy_as_json", edits=(unsaid,))
    assert (status, err.count("give --region")) == (2, 1)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    assert ", eu-central-1, version" in run("policy_as_json", edits=(unsaid,))[1]


def test_what_is_beside_the_plan_can_be_said(run: Run) -> None:
    beside = (
        "--assume-trail", "aws-controltower/CloudTrailLogs",
        "--assume-topic", "arn:aws:sns:eu-west-1:123456789012:security",
    )  # fmt: skip
    status, out, _ = run("alarms_only", *beside)
    assert status == 0
    assert "a working multi-Region trail beside the plan fills log group" in out

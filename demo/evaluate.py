"""Tells the story of one account: `make evaluate`.

Builds the account of the control's remediation text step by step with the real `aws` CLI on the embedded AWS, and after
each step evaluates through `lambda_handler` and shows what the AWS Config dashboard shows. In the end it shows where
each control of the monitoring section breaks in that account, from one read. With `--profile` or
`--region` it evaluates that account instead, read-only.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shlex
import sys
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from unittest.mock import patch

from config_changes_alarm.requirement import DEFAULT_REQUIRED_FILTER_PATTERN

from .embedded_aws import ACCOUNT_ID, REGION, embedded_aws

RULE = "ConfigChangesAlarmRule"
WIDTH = 78

_PATTERN = DEFAULT_REQUIRED_FILTER_PATTERN
_TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT_ID}:config-changes"
_GROUP = f"arn:aws:logs:{REGION}:{ACCOUNT_ID}:log-group:CloudTrail/logs"
_TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}


def _put_metric_filter(pattern: str) -> str:
    return (
        "aws logs put-metric-filter --log-group-name CloudTrail/logs --filter-name config-changes "
        "--metric-transformations metricName=config_changes_metric,metricNamespace=CISBenchmark,metricValue=1 "
        f"--filter-pattern {shlex.quote(pattern)}"
    )


@dataclass(frozen=True, slots=True)
class Stage:
    """A change of the account by commands, or by a person's click, and what the dashboard then has to show."""

    title: str
    expected: str
    commands: tuple[str, ...] = ()
    confirms: str | None = None
    restores: tuple[str, ...] = field(default=())


STORY: tuple[Stage, ...] = (
    Stage("An empty account", "NON_COMPLIANT"),
    Stage(
        "A multi-Region trail that delivers to a log group",
        "NON_COMPLIANT",
        (
            "aws s3api create-bucket --bucket trail-records",
            "aws logs create-log-group --log-group-name CloudTrail/logs",
            "aws iam create-role --role-name CloudTrail-to-logs "
            f"--assume-role-policy-document {shlex.quote(json.dumps(_TRUST))}",
            "aws cloudtrail create-trail --name everything --s3-bucket-name trail-records --is-multi-region-trail "
            f"--cloud-watch-logs-log-group-arn {_GROUP}:* "
            f"--cloud-watch-logs-role-arn arn:aws:iam::{ACCOUNT_ID}:role/CloudTrail-to-logs",
            "aws cloudtrail start-logging --name everything",
        ),
    ),
    Stage("The metric filter of the control, without an alarm", "NON_COMPLIANT", (_put_metric_filter(_PATTERN),)),
    Stage(
        "A topic, a subscription and the alarm; nobody has confirmed yet",
        "NON_COMPLIANT",
        (
            "aws sns create-topic --name config-changes",
            f"aws sns subscribe --topic-arn {_TOPIC} --protocol email --notification-endpoint security@example.com",
            "aws cloudwatch put-metric-alarm --alarm-name config-changes --metric-name config_changes_metric "
            "--statistic Sum --period 300 --threshold 1 --comparison-operator GreaterThanOrEqualToThreshold "
            f"--evaluation-periods 1 --namespace CISBenchmark --alarm-actions {_TOPIC}",
        ),
    ),
    Stage("The link in the e-mail is clicked", "COMPLIANT", confirms="security@example.com"),
    Stage(
        "Somebody stops the trail",
        "NON_COMPLIANT",
        ("aws cloudtrail stop-logging --name everything",),
        restores=("aws cloudtrail start-logging --name everything",),
    ),
    Stage(
        "Somebody disables the alarm's actions",
        "NON_COMPLIANT",
        ("aws cloudwatch disable-alarm-actions --alarm-names config-changes",),
        restores=("aws cloudwatch enable-alarm-actions --alarm-names config-changes",),
    ),
    Stage(
        "Somebody takes one event out of the filter",
        "NON_COMPLIANT",
        (_put_metric_filter(_PATTERN.replace("||($.eventName=PutDeliveryChannel)", "")),),
        restores=(_put_metric_filter(_PATTERN),),
    ),
    Stage("Everything is put back", "COMPLIANT"),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when every stage shows what it should; 1 otherwise, saying which."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given:
        from config_changes_alarm_cli import main as evaluate

        return evaluate(["evaluate", *given])
    wrong: list[str] = []
    with embedded_aws() as aws:
        for number, stage in enumerate(STORY, 1):
            print(_bold(f"{number}. {stage.title}"))
            for command in stage.commands:
                run(command)
                print(_command(command))
            if stage.confirms is not None:
                aws.confirm(stage.confirms)
            compliance, annotation = evaluate_rule()
            print(_dashboard(compliance, annotation))
            if compliance != stage.expected:
                wrong.append(f"stage {number} shows {compliance} instead of {stage.expected}")
            for command in stage.restores:
                run(command)
        print(_bold("The whole monitoring section, from one read of the account"))
        print(_section())
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


def run(command: str) -> str:
    """Runs a line of the real `aws` CLI, in this process: it is the same program, without 0.7 s of start-up each."""
    from awscli.clidriver import create_clidriver

    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        status = create_clidriver().main(shlex.split(command)[1:])
    if status:
        raise SystemExit(f"this command failed with status {status}: {command}")
    return output.getvalue()


def evaluate_rule() -> tuple[str, str]:
    """Invokes the rule as AWS Config does; returns what the dashboard shows."""
    import ConfigChangesAlarmRule

    ConfigChangesAlarmRule.lambda_handler(scheduled_event(), None)
    return evaluation_shown()


def evaluation_shown() -> tuple[str, str]:
    """Reads the compliance and its annotation from AWS Config, as the dashboard does."""
    answer = json.loads(run(f"aws configservice get-compliance-details-by-config-rule --config-rule-name {RULE}"))
    result = answer["EvaluationResults"][0]
    return result["ComplianceType"], result["Annotation"]


def scheduled_event(parameters: dict[str, str] | None = None, result_token: str = "embedded") -> dict[str, object]:
    """The event of a periodic evaluation. rdklib would assume a role at a real endpoint, so that is turned off."""
    invoking = {
        "awsAccountId": ACCOUNT_ID,
        "notificationCreationTime": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "messageType": "ScheduledNotification",
        "recordVersion": "1.0",
    }
    return {
        "version": "1.0",
        "invokingEvent": json.dumps(invoking),
        "ruleParameters": json.dumps({"AssumeRoleMode": "False", **(parameters or {})}),
        "resultToken": result_token,
        "eventLeftScope": False,
        "executionRoleArn": f"arn:aws:iam::{ACCOUNT_ID}:role/config",
        "configRuleArn": f"arn:aws:config:{REGION}:{ACCOUNT_ID}:config-rule/config-rule-embedded",
        "configRuleName": RULE,
        "configRuleId": "config-rule-embedded",
        "accountId": ACCOUNT_ID,
    }


def _section() -> str:
    """Control by hop, as `config-changes-alarm evaluate --control all` ends; the details of each come before it."""
    from config_changes_alarm_cli import main as command_line

    output = io.StringIO()
    with patch.dict(os.environ, COLUMNS=str(WIDTH)), contextlib.redirect_stdout(output):
        command_line(["evaluate", "--control", "all"])
    return output.getvalue().rpartition("\n\n\n")[2]


# --------------------------------------------------------------------------- the terminal


def _coloured(text: str, code: str) -> str:
    return f"\033[{code}m{text}\033[0m" if sys.stdout.isatty() and "NO_COLOR" not in os.environ else text


def _bold(text: str) -> str:
    return _coloured(text, "1")


def _command(command: str) -> str:
    """The command on several lines that a shell reads as one: broken between words, never within quotation marks."""
    lines = ["   $"]
    for word in re.findall(r"(?:'[^']*'|\S)+", command):
        if len(lines[-1]) + len(word) >= WIDTH - 2 and lines[-1].strip() != "$":
            lines.append("      ")
        lines[-1] += f" {word}"
    return _coloured(" \\\n".join(lines), "2")


def _dashboard(compliance: str, annotation: str) -> str:
    lines = textwrap.wrap(annotation, WIDTH - 5, initial_indent="     ", subsequent_indent="     ")
    colour = "32" if compliance == "COMPLIANT" else "31"
    return "\n".join([f"   {_coloured(compliance, colour)}", *lines, ""])


if __name__ == "__main__":
    sys.exit(main())

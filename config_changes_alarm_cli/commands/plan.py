"""`config-changes-alarm plan`: what a Terraform or OpenTofu plan would leave, judged before it is deployed."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import click
from config_changes_alarm.requirement import Requirement

from ..exceptions import Register
from ..formats.planned import PLANNED, planned
from ..help_texts import PLAN, plan_examples
from ..input_output import Problem, reason, say, tried, tried_standard_output, write
from ..options import (
    FILE,
    color_option,
    command,
    control_option,
    exceptions,
    exit_zero_option,
    parameter_option,
    quiet_option,
)
from ..plan import Granted, MalformedPlan, Plan, Told, UnknownPlace, judge, read_plan
from ..terminal import Color, style_of
from .asked import ALL, asked_for
from .verdict import exit_of_planned

__all__ = ["plan"]

_ACCOUNT_ID, _REGION = re.compile(r"\d{12}"), re.compile(r"[a-z]{2}(-[a-z]+)+-\d+")
_TOPIC = re.compile(r"arn:[\w-]+:sns:[\w-]+:\d{12}:[\w.-]+")
_PROVIDER = "aws"


def _by_provider(context: click.Context, option: click.Parameter, given: tuple[str, ...]) -> Mapping[str, str]:
    """Each is a value, of the provider `aws`, or PROVIDER=VALUE."""
    form = _ACCOUNT_ID if option.name == "account" else _REGION
    found: dict[str, str] = {}
    for each in given:
        provider, _, value = each.rpartition("=")
        if not form.fullmatch(value):
            raise click.BadParameter(
                f"{value!r} is no {'account id' if option.name == 'account' else 'Region'}", context, option
            )
        if found.setdefault(provider or _PROVIDER, value) != value:
            raise click.BadParameter(f"provider {provider or _PROVIDER} is given twice", context, option)
    return found


def _topics(context: click.Context, option: click.Parameter, given: tuple[str, ...]) -> frozenset[str]:
    for each in given:
        if not _TOPIC.fullmatch(each):
            raise click.BadParameter(f"{each!r} is not the ARN of a topic", context, option)
    return frozenset(given)


@command("plan", help=PLAN, short_help="judge a Terraform plan before it is deployed", epilog=plan_examples())
@click.argument("file", type=click.Path(allow_dash=True), metavar="PLAN")
@control_option(
    "the control to prove, by its id, its number such as CIS-5.0/4.9 or Security Hub's id such as CloudWatch.9; "
    "repeat it for several, or `all`",
    ALL,
    multiple=True,
)
@parameter_option
@click.option(
    "--account",
    multiple=True,
    metavar="[PROVIDER=]ID",
    callback=_by_provider,
    help="the account in which a provider works, where the plan does not say it",
)
@click.option(
    "--region",
    multiple=True,
    metavar="[PROVIDER=]REGION",
    callback=_by_provider,
    help="the Region in which a provider works, where the plan does not say it; default: that of the environment",
)
@click.option(
    "--assume-trail",
    multiple=True,
    metavar="LOG_GROUP",
    help="a log group that a working multi-Region trail fills, which is not in the plan",
)
@click.option(
    "--assume-topic",
    multiple=True,
    metavar="ARN",
    callback=_topics,
    help="a topic with a confirmed subscription that alarms may publish to, which is not in the plan",
)
@exceptions
@click.option(
    "-f",
    "--format",
    type=click.Choice(PLANNED),
    default="text",
    metavar="FORMAT",
    help=f"{', '.join(PLANNED[:-1])} or {PLANNED[-1]}; default: text",
)
@click.option("-o", "--output", type=FILE, metavar="FILE", help="write the report there, - is standard output")
@quiet_option("report")
@color_option
@exit_zero_option
def plan(
    file: str,
    control: tuple[str, ...],
    parameter: Mapping[str, str],
    account: Mapping[str, str],
    region: Mapping[str, str],
    assume_trail: tuple[str, ...],
    assume_topic: frozenset[str],
    register: Register,
    format: str,  # noqa: A002
    output: Path | None,
    quiet: bool,
    color: Color,
    exit_zero: bool,
) -> int:
    """The exit status of the verdicts. Raises `Problem`, `EvaluationFailed`, `InvalidParameters`."""
    requirements = [Requirement.parse(each) for each in asked_for(control, parameter)]
    path = None if output in (None, Path("-")) else output
    if path is not None:
        tried(path)
    elif not quiet:
        tried_standard_output()
    told = Told(account, region, os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION"))
    granted = Granted(frozenset(assume_trail), assume_topic)
    name = "standard input" if file == "-" else file
    try:
        made = judge(_read(file, name), requirements, datetime.now(UTC), told, granted, register)
    except MalformedPlan as error:
        raise Problem(f"{name} cannot be judged: {error}") from None
    except UnknownPlace as error:
        raise Problem(str(error)) from None
    if path is not None:
        write(planned(format, made), path)
    elif not quiet:
        say(planned(format, made, style_of(sys.stdout, color)))
    status = exit_of_planned(made)
    return 0 if exit_zero else status


def _read(file: str, name: str) -> Plan:
    """Raises `MalformedPlan` and `Problem`."""
    try:
        content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except (OSError, AttributeError) as error:
        raise Problem(f"cannot read {name}: {reason(error)}") from None
    return read_plan(content)

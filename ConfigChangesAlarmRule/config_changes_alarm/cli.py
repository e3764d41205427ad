"""The command line: `config-changes-alarm evaluate | explain-pattern | match`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from .chain import Compliance, assess, routine_matches
from .cloudtrail_record import record_model
from .filter_pattern.coverage import Covered, Missed, Undecided, covers, never_matches
from .filter_pattern.events import narrow
from .filter_pattern.matching import Answer, matches
from .filter_pattern.parser import parse
from .filter_pattern.residual import only_when
from .filter_pattern.syntax import Pattern, PatternSyntaxError
from .report import as_json, as_text
from .requirement import DEFAULT_REQUIRED_FILTER_PATTERN, InvalidParameters, Requirement

__all__ = ["main"]

_EXITS = {Compliance.COMPLIANT: 0, Compliance.NON_COMPLIANT: 1, Compliance.NOT_APPLICABLE: 3}
_ANY_ACCOUNT = "111122223333"


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit status."""
    arguments = _parser().parse_args(argv)
    status: int = arguments.run(arguments)
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="config-changes-alarm", description="Is somebody told when AWS Config is changed?"
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    command = commands.add_parser(
        "evaluate",
        help="evaluate an account, read-only",
        description="Evaluates an account, read-only. "
        "Exit status: 0 COMPLIANT, 1 NON_COMPLIANT, 2 could not evaluate, 3 NOT_APPLICABLE.",
    )
    command.add_argument("--profile", help="a profile of the AWS configuration")
    command.add_argument("--region", help="the Region to evaluate in")
    command.add_argument("--parameter", action="append", default=[], metavar="NAME=VALUE", help="a rule parameter")
    command.set_defaults(run=_evaluate)
    explain = commands.add_parser(
        "explain-pattern",
        help="say which required events a filter pattern matches",
        description="Says which required events a filter pattern matches. "
        "Exit status: 0 covered, 1 missed, 2 invalid pattern or undecided.",
    )
    explain.add_argument("pattern", metavar="PATTERN", help="a filter pattern, or - for standard input")
    explain.add_argument("--required", default=DEFAULT_REQUIRED_FILTER_PATTERN, metavar="PATTERN")
    explain.set_defaults(run=_explain)
    match = commands.add_parser(
        "match",
        help="say whether a filter pattern matches a message",
        description="Exit status: 0 matches, 1 does not match, 2 invalid pattern or not documented by AWS.",
    )
    match.add_argument("pattern", metavar="PATTERN", help="a filter pattern")
    match.add_argument("message", metavar="MESSAGE", help="a log event's text, or - for standard input")
    match.set_defaults(run=_match)
    for each in (command, explain):
        each.add_argument("--format", choices=("text", "json"), default="text")
    return parser


def _say(text: str) -> None:
    sys.stdout.write(text if text.endswith("\n") else text + "\n")


def _fail(problem: object) -> int:
    sys.stderr.write(f"config-changes-alarm: {problem}\n")
    return 2


def _given(text: str) -> str:
    return sys.stdin.read() if text == "-" else text


# --------------------------------------------------------------------------- evaluate


def _evaluate(arguments: argparse.Namespace) -> int:
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    from .account import EvaluationFailed
    from .aws_account import CONFIG, AwsAccount

    parameters: dict[str, object] = {}
    for given in arguments.parameter:
        name, equals, value = given.partition("=")
        if not equals:
            return _fail(f"--parameter {given!r}: expected NAME=VALUE")
        parameters[name] = value
    try:
        requirement = Requirement.parse(parameters)
        session = boto3.Session(profile_name=arguments.profile, region_name=arguments.region)
        if session.region_name is None:
            return _fail("no Region: give --region, or set one in the profile")
        identity = session.client("sts", config=CONFIG).get_caller_identity()
        account = AwsAccount(session, identity["Account"], session.region_name, requirement.log_group_account_role_name)
        assessment = assess(account, requirement, datetime.now(UTC))
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        expired = "the credentials have expired" if "Expired" in code else f"AWS refuses the credentials ({code})"
        return _fail(expired)
    except (InvalidParameters, EvaluationFailed, BotoCoreError, ValueError) as error:
        return _fail(error)
    _say(json.dumps(as_json(assessment), indent=2) if arguments.format == "json" else as_text(assessment))
    return _EXITS[assessment.compliance]


# --------------------------------------------------------------------------- explain-pattern


def _explain(arguments: argparse.Namespace) -> int:
    try:
        requirement = Requirement.parse({"RequiredFilterPattern": arguments.required})
    except InvalidParameters as error:
        return _fail(error)
    try:
        answer = _explanation(parse(_given(arguments.pattern)), requirement)
    except PatternSyntaxError as error:
        answer = {
            "verdict": "invalid",
            "events": {event.name: "never" for event in requirement.events},
            "counterexample": None,
            "routine": [],
            "reason": str(error),
        }
    _say(json.dumps(answer, indent=2) if arguments.format == "json" else _explained(answer))
    return {"covered": 0, "missed": 1}.get(answer["verdict"], 2)


def _explanation(pattern: Pattern, requirement: Requirement) -> dict[str, Any]:
    events: dict[str, str] = {}
    conditions: list[str] = []
    missed: Missed | None = None
    undecided: Undecided | None = None
    for event in requirement.events:
        model = record_model(event, requirement.include_failed_calls, _ANY_ACCOUNT)
        narrowed = narrow(requirement.pattern, event)
        verdict = covers(narrowed, (pattern,), model)
        if isinstance(verdict, Covered):
            events[event.name] = "always"
            continue
        events[event.name] = "never" if never_matches(narrowed, pattern, model) else "sometimes"
        condition = only_when(narrowed, (pattern,), model) if events[event.name] == "sometimes" else None
        if condition is not None:
            conditions.append(f"{event.name} only when {condition}")
        if isinstance(verdict, Missed):
            missed = missed or verdict
        else:
            undecided = undecided or verdict
    reasons = [undecided.reason] if undecided and not missed else []
    return {
        "verdict": "missed" if missed else "undecided" if undecided else "covered",
        "events": events,
        "counterexample": missed.record if missed else None,
        "routine": list(routine_matches(pattern)[0]),
        "reason": "; ".join([*reasons, *conditions]) or None,
    }


def _explained(answer: dict[str, Any]) -> str:
    lines = [answer["verdict"]]
    lines += [f"  {words:<10} {name}" for name, words in answer["events"].items()]
    if answer["routine"]:
        lines += ["", f"It also matches routine events: {', '.join(answer['routine'])}."]
    if answer["reason"]:
        lines += ["", answer["reason"]]
    if answer["counterexample"]:
        lines += ["", "This record would go unnoticed:", json.dumps(answer["counterexample"], indent=2)]
    return "\n".join(lines)


# --------------------------------------------------------------------------- match


def _match(arguments: argparse.Namespace) -> int:
    try:
        answer = matches(parse(arguments.pattern), _given(arguments.message))
    except PatternSyntaxError as error:
        return _fail(f"invalid pattern: {error}")
    _say(answer.value)
    return {Answer.MATCH: 0, Answer.NO_MATCH: 1, Answer.UNKNOWN: 2}[answer]


if __name__ == "__main__":
    sys.exit(main())

"""Starts the rule's evaluation and shows what AWS Config's dashboard shows then: `make verdict`."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from boto3.exceptions import Boto3Error
from botocore.exceptions import BotoCoreError, ClientError

from .deployment import Deployment, DeploymentFailed, deployments
from .settings import SETTINGS, InvalidSettings, Settings

__all__ = ["main"]

_PATIENCE_SECONDS = 300
_PAUSE_SECONDS = 5.0
_RUNNING = ("ResourceInUseException", "LimitExceededException")
"""The rule is being evaluated, or was started within the last minute."""


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when every Region has shown a verdict, whichever; 1 when one has not; 2 for wrong settings."""
    parser = argparse.ArgumentParser(prog="make verdict", description=__doc__)
    parser.add_argument("--settings", type=Path, default=SETTINGS)
    parser.add_argument("--seconds", type=float, default=_PATIENCE_SECONDS)
    chosen = parser.parse_args(arguments)
    try:
        for target in deployments(Settings.load(chosen.settings)):
            for line in _verdict(target, chosen.seconds):
                print(f"[{target.region}] {line}", flush=True)
    except InvalidSettings as error:
        print(error, file=sys.stderr)
        return 2
    except (DeploymentFailed, BotoCoreError, ClientError, Boto3Error) as error:
        print(f"make verdict: {error}", file=sys.stderr)
        return 1
    return 0


def _verdict(target: Deployment, seconds: float) -> Iterator[str]:
    """In lines. Raises `DeploymentFailed` when there is none in time."""
    config, name = target.client("config"), target.settings.rule_name
    started = datetime.now(UTC)
    try:
        config.start_config_rules_evaluation(ConfigRuleNames=[name])
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code == "NoSuchConfigRuleException":
            raise DeploymentFailed(f"there is no rule {name} in {target.region}: deploy it first") from None
        if code not in _RUNNING:
            raise
        yield f"{name} is being evaluated already"
    if not _records(config):
        yield "AWS Config records nothing here: no change leads to an evaluation, the periodic ones go on"
    result = _result(config, target, started, seconds)
    yield f"{name}: {result['ComplianceType']}, recorded {result['ResultRecordedTime']:%Y-%m-%d %H:%M:%S %Z}"
    yield str(result.get("Annotation", "no annotation"))


def _records(config: Any) -> bool:
    status = config.describe_configuration_recorder_status()["ConfigurationRecordersStatus"]
    return any(recorder["recording"] for recorder in status)


def _result(config: Any, target: Deployment, started: datetime, seconds: float) -> Any:
    """The account's, recorded after the start."""
    end = time.monotonic() + seconds
    while True:
        pages = config.get_paginator("get_compliance_details_by_config_rule").paginate(
            ConfigRuleName=target.settings.rule_name
        )
        for result in (each for page in pages for each in page["EvaluationResults"]):
            of = result["EvaluationResultIdentifier"]["EvaluationResultQualifier"]["ResourceId"]
            # AWS tells whole seconds or milliseconds, and its clock is not ours
            if of == target.account_id and (started - result["ResultRecordedTime"]).total_seconds() < 5:
                return result
        if time.monotonic() > end:
            raise DeploymentFailed(f"no verdict within {seconds:.0f} seconds: {_why_not(config, target)}")
        time.sleep(min(_PAUSE_SECONDS, seconds))


def _why_not(config: Any, target: Deployment) -> str:
    """What AWS Config says of the last invocation."""
    asked = {"ConfigRuleNames": [target.settings.rule_name]}
    for status in config.describe_config_rule_evaluation_status(**asked)["ConfigRulesEvaluationStatus"]:
        if status.get("LastErrorMessage"):
            return f"{status.get('LastErrorCode', 'error')}: {status['LastErrorMessage']}"
    return f"look at the log /aws/lambda/{target.function_name}"


if __name__ == "__main__":
    sys.exit(main())

"""The AWS Config custom rule: every trigger leads to one evaluation of the account.

Five of rdklib's ways are dealt with here (rdklib 0.3.10, `evaluator.py`):

- It would report a change-triggered evaluation on the changed resource, refuse a deleted one, and fetch an oversized
  one. A change is only a reason to look again, so its event is handed over as a scheduled one.
- It turns ClientError and ValueError into a returned value: the invocation would look successful and AWS Config would
  keep showing the old verdict. Such an answer is raised as `EvaluationFailed`, so that the failure is seen and retried.
- Its clients come from boto3's default session with botocore's own patience, longer than a Lambda function lives. That
  session is given the reader's bounds, and everything uses it, so that AWS's service models are loaded once.
- A role that it may not assume it words with parameters that no rule has. `_client` names those that there are.
- Invalid parameters end the same way. They are reported as NON_COMPLIANT with the mistake as the annotation, because
  nothing has been proved; what rdklib returns is returned. Which parameters are invalid the rule says itself: AWS
  Config refuses evaluations with the same error code that rdklib gives to them.

Every evaluation writes one line of JSON to the log, also one that fails; with LOG_LEVEL=DEBUG every read writes one
more.
"""

from __future__ import annotations

import gc

gc.disable()  # imports make much and throw little away: looking for garbage meanwhile is a tenth of a cold start

import json
import logging
import os
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

import boto3
import botocore.session
from botocore.exceptions import BotoCoreError, ClientError
from config_changes_alarm.account import EvaluationFailed, Identity
from config_changes_alarm.account.aws import CONFIG, SECONDS, AwsSource
from config_changes_alarm.assessment import Assessment
from config_changes_alarm.chain import assess
from config_changes_alarm.report import ANNOTATION_LIMIT, annotation
from config_changes_alarm.requirement import InvalidParameters, Requirement
from rdklib import ClientFactory, ComplianceType, ConfigRule, Evaluation, Evaluator, InvalidParametersError
from urllib3.exceptions import HTTPError

gc.freeze()  # what was imported stays, and is never looked through again
gc.enable()

RESOURCE_TYPE = "AWS::::Account"
_TRIGGERS = (
    "ScheduledNotification",
    "ConfigurationItemChangeNotification",
    "OversizedConfigurationItemChangeNotification",
)

_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
_READING_SHARE = 0.75
"""Of the function's time; the rest is for the attempt that is under way then, and for reporting."""

_log = logging.getLogger("config_changes_alarm.rule")


class ConfigChangesAlarmRule(ConfigRule):  # type: ignore[misc]  # rdklib has no types
    """Is somebody told when AWS Config is changed? Reads for at most `seconds`.

    `invalid_parameters` says what is wrong with the parameters, once they were found to be.
    """

    delete_old_evaluations_on_scheduled_notification = False

    def __init__(self, seconds: float = SECONDS) -> None:
        super().__init__()
        self._seconds = seconds
        self.invalid_parameters: str | None = None

    def evaluate_parameters(self, rule_parameters: Mapping[str, object]) -> Requirement:
        """The parameters, validated. Raises rdklib's `InvalidParametersError`."""
        try:
            return Requirement.parse(rule_parameters)
        except InvalidParameters as error:
            self.invalid_parameters = str(error)
            raise InvalidParametersError(self.invalid_parameters) from None

    def evaluate_periodic(
        self, event: Mapping[str, Any], client_factory: Any, valid_rule_parameters: Requirement
    ) -> list[Evaluation]:
        """One evaluation, of the account."""
        account_id = _account_id(event)
        aws = AwsSource(
            _session(),
            Identity(account_id, valid_rule_parameters.execution_role_region or _region(event)),
            log_group_account_role_name=valid_rule_parameters.log_group_account_role_name,
            own_client=partial(_client, client_factory, self.get_execution_role_arn(event)),
            seconds=self._seconds,
        )
        started = time.perf_counter()
        try:
            assessment = assess(aws.account(), valid_rule_parameters, datetime.now(UTC))
        except EvaluationFailed as error:
            _write_line(aws, started, error)
            raise
        _write_line(aws, started, assessment)
        return [Evaluation(str(assessment.compliance), account_id, RESOURCE_TYPE, annotation(assessment))]

    def get_assume_role_mode(self, event: Mapping[str, Any]) -> bool:
        """rdklib's own reading, except that a value that is not a string does not end in an AttributeError."""
        mode = _rule_parameters(event).get("AssumeRoleMode", "")
        return str(mode).strip().lower() != "false"


def lambda_handler(event: dict[str, Any], context: object) -> Any:
    """Entry point. Returns what rdklib returns: the evaluations, or its description of invalid parameters.

    Raises `EvaluationFailed` when no verdict could be given or AWS Config did not take it.
    """
    logging.getLogger("config_changes_alarm").setLevel(_log_level())
    scheduled = _as_scheduled(event)
    _session()
    rule = ConfigChangesAlarmRule(_reading_seconds(context))
    try:
        answer = Evaluator(rule).handle(scheduled, context)
    except (BotoCoreError, HTTPError) as error:
        raise EvaluationFailed(f"the evaluation did not reach AWS Config: {error}") from None
    if isinstance(answer, list):
        return answer
    if rule.invalid_parameters is not None:
        _report_invalid_parameters(scheduled, rule.invalid_parameters)
        return answer
    details = answer.get("internalErrorDetails") or answer.get("internalErrorMessage")
    raise EvaluationFailed(f"the evaluation did not reach AWS Config: {details}")


def _as_scheduled(event: Mapping[str, Any]) -> dict[str, Any]:
    """The same event as a scheduled notification."""
    try:
        invoking = json.loads(event["invokingEvent"])
        message_type = invoking["messageType"]
        created = invoking["notificationCreationTime"]
    except (KeyError, TypeError, ValueError) as error:
        raise EvaluationFailed(f"the event is not one that AWS Config sends to a custom rule: {error!r}") from None
    if message_type not in _TRIGGERS:
        raise EvaluationFailed(f"message type {message_type!r} is not one of {', '.join(_TRIGGERS)}")
    scheduled = {
        "messageType": "ScheduledNotification",
        "awsAccountId": _account_id(event),
        "notificationCreationTime": created,
        "recordVersion": "1.0",
    }
    return {"ruleParameters": "{}", **event, "invokingEvent": json.dumps(scheduled)}


def _account_id(event: Mapping[str, Any]) -> str:
    account_id = event.get("accountId") or json.loads(event["invokingEvent"]).get("awsAccountId")
    if not account_id:
        raise EvaluationFailed("the event names no accountId")
    return str(account_id)


def _region(event: Mapping[str, Any]) -> str:
    """The Region of the rule itself; outside Lambda from its ARN."""
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    parts = str(event.get("configRuleArn", "")).split(":")
    region = region or (parts[3] if len(parts) > 3 else "")
    if not region:
        raise EvaluationFailed("no Region: set AWS_REGION")
    return region


def _rule_parameters(event: Mapping[str, Any]) -> Mapping[str, Any]:
    parameters = json.loads(event.get("ruleParameters") or "{}")
    return parameters if isinstance(parameters, dict) else {}


@cache
def _session() -> boto3.Session:
    """boto3's default session, with the reader's bounds: rdklib builds its clients from it too."""
    core = botocore.session.get_session()
    core.set_default_client_config(CONFIG)
    core.register("after-call.config-service.PutEvaluations", _check_taken)
    boto3.setup_default_session(botocore_session=core)
    assert boto3.DEFAULT_SESSION is not None
    return boto3.DEFAULT_SESSION


def _check_taken(**answer: Any) -> None:
    """AWS Config may answer with success and name the evaluations that it did not take; rdklib does not look."""
    if answer["parsed"].get("FailedEvaluations"):
        raise EvaluationFailed("AWS Config did not take the evaluation: PutEvaluations names it among the failed ones")


def _client(clients: ClientFactory, role_arn: str, service: str, region: str | None = None) -> Any:
    """A client of the role that evaluates. Raises `EvaluationFailed` where rdklib cannot assume it.

    rdklib keeps the code of a refusal, and calls every other error of STS InternalError.
    """
    try:
        return clients.build_client(service, region)
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        cause = "STS failed" if code == "InternalError" else code
        raise EvaluationFailed(
            f"sts:AssumeRole: the role that evaluates, {role_arn}, could not be assumed ({cause}). Let the function's "
            "role assume it and let its trust policy say so; or name another role in the rule's parameter "
            "ExecutionRoleName; or set AssumeRoleMode to false to evaluate with the function's own role"
        ) from None


def _reading_seconds(context: object) -> float:
    """Outside Lambda the context tells nothing."""
    remaining = getattr(context, "get_remaining_time_in_millis", None)
    return SECONDS if remaining is None else remaining() / 1000 * _READING_SHARE


def _log_level() -> str:
    level = os.environ.get("LOG_LEVEL", "INFO").upper()
    if level not in _LEVELS:
        _log.warning("LOG_LEVEL is %r, expected one of %s: using INFO", level, ", ".join(_LEVELS))
        return "INFO"
    return level


def _write_line(aws: AwsSource, started: float, outcome: Assessment | EvaluationFailed) -> None:
    """What an operator asks first: the verdict, why, and what it cost. Account data and no secrets."""
    calls = aws.calls()
    told: dict[str, object]
    if isinstance(outcome, EvaluationFailed):
        level, told = logging.ERROR, {"compliance": None, "findings": [], "error": str(outcome)}
    else:
        findings = [reason.id for reason in outcome.reasons]
        level, told = logging.INFO, {"compliance": outcome.compliance, "findings": findings}
    cost = {
        "calls": len(calls),
        "retries": sum(call.retries for call in calls),
        "milliseconds": round((time.perf_counter() - started) * 1000),
    }
    _log.log(level, json.dumps({"account": aws.identity.account_id, "region": aws.identity.region, **told, **cost}))


def _report_invalid_parameters(event: Mapping[str, Any], message: str) -> None:
    """With the role that would have evaluated: AWS Config takes a result only from the account of the rule."""
    text = f"Cannot evaluate: {message}"
    if len(text) > ANNOTATION_LIMIT:
        text = text[: ANNOTATION_LIMIT - 4].rsplit(" ", 1)[0] + " ..."
    evaluation = Evaluation(ComplianceType.NON_COMPLIANT, _account_id(event), RESOURCE_TYPE, text)
    evaluation.import_fields_from_periodic_event(event)
    token, rule = event["resultToken"], ConfigChangesAlarmRule()
    role_arn = rule.get_execution_role_arn(event)
    clients = ClientFactory(role_arn, rule.get_assume_role_region(event), rule.get_assume_role_mode(event))
    try:
        _client(clients, role_arn, "config").put_evaluations(
            Evaluations=[evaluation.get_json()], ResultToken=token, TestMode=token == "TESTMODE"
        )
    except (ClientError, BotoCoreError, HTTPError, EvaluationFailed) as error:
        raise EvaluationFailed(f"{text} That could not be reported: {error}") from None

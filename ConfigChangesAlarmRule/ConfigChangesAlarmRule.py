"""The AWS Config custom rule: every trigger leads to one evaluation of the account.

Three of rdklib's ways are dealt with here (rdklib 0.3.10, `evaluator.py`):

- It would report a change-triggered evaluation on the changed resource, refuse a deleted one, and fetch an oversized
  one. A change is only a reason to look again, so its event is handed over as a scheduled one.
- It turns ClientError and ValueError into a returned value: the invocation would look successful and AWS Config would
  keep showing the old verdict. Such an answer is raised as `EvaluationFailed`, so that the failure is seen and retried.
- Invalid parameters end the same way. They are reported as NON_COMPLIANT with the mistake as the annotation, because
  nothing has been proved; what rdklib returns is returned.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import boto3
from config_changes_alarm.account import EvaluationFailed
from config_changes_alarm.aws_account import AwsAccount
from config_changes_alarm.chain import assess
from config_changes_alarm.report import ANNOTATION_LIMIT, annotation
from config_changes_alarm.requirement import InvalidParameters, Requirement
from rdklib import ComplianceType, ConfigRule, Evaluation, Evaluator, InvalidParametersError

RESOURCE_TYPE = "AWS::::Account"
_TRIGGERS = (
    "ScheduledNotification",
    "ConfigurationItemChangeNotification",
    "OversizedConfigurationItemChangeNotification",
)

logging.getLogger("config_changes_alarm").setLevel(os.environ.get("LOG_LEVEL", "INFO"))
_log = logging.getLogger("config_changes_alarm.rule")


class ConfigChangesAlarmRule(ConfigRule):  # type: ignore[misc]  # rdklib has no types
    """Is somebody told when AWS Config is changed?"""

    delete_old_evaluations_on_scheduled_notification = False

    def evaluate_parameters(self, rule_parameters: Mapping[str, object]) -> Requirement:
        """The parameters, validated. Raises rdklib's `InvalidParametersError`."""
        try:
            return Requirement.parse(rule_parameters)
        except InvalidParameters as error:
            raise InvalidParametersError(str(error)) from None

    def evaluate_periodic(
        self, event: Mapping[str, Any], client_factory: Any, valid_rule_parameters: Requirement
    ) -> list[Evaluation]:
        """One evaluation, of the account."""
        account_id = _account_id(event)
        account = AwsAccount(
            _session(client_factory, valid_rule_parameters),
            account_id,
            valid_rule_parameters.execution_role_region or _region(event),
            log_group_account_role_name=valid_rule_parameters.log_group_account_role_name,
        )
        assessment = assess(account, valid_rule_parameters, datetime.now(UTC))
        calls = account.calls()
        _log.info(
            json.dumps(
                {
                    "account": account_id,
                    "compliance": assessment.compliance,
                    "findings": [reason.id for reason in assessment.reasons],
                    "calls": len(calls),
                    "retries": sum(call.retries for call in calls),
                    "milliseconds": round(sum(call.milliseconds for call in calls)),
                }
            )
        )
        return [Evaluation(str(assessment.compliance), account_id, RESOURCE_TYPE, annotation(assessment))]

    def get_assume_role_mode(self, event: Mapping[str, Any]) -> bool:
        """rdklib's own reading, except that a value that is not a string does not end in an AttributeError."""
        mode = _rule_parameters(event).get("AssumeRoleMode", "")
        return str(mode).strip().lower() != "false"


def lambda_handler(event: dict[str, Any], context: object) -> Any:
    """Entry point. Returns what rdklib returns: the evaluations, or its description of invalid parameters.

    Raises `EvaluationFailed` when no verdict could be given or AWS Config did not take it.
    """
    scheduled = _as_scheduled(event)
    answer = Evaluator(ConfigChangesAlarmRule()).handle(scheduled, context)
    if isinstance(answer, list):
        return answer
    if answer.get("customerErrorCode") == "InvalidParameterValueException":
        _report_invalid_parameters(scheduled, answer["customerErrorMessage"])
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


def _session(client_factory: Any, requirement: Requirement) -> boto3.Session:
    """A session with the credentials to evaluate with: the function's own, or those of the role that rdklib assumed."""
    if not requirement.assume_role_mode:
        return boto3.Session()
    client = client_factory.build_client("sts")
    credentials = client._request_signer._credentials.get_frozen_credentials()
    return boto3.Session(credentials.access_key, credentials.secret_key, credentials.token)


def _report_invalid_parameters(event: Mapping[str, Any], message: str) -> None:
    text = f"Cannot evaluate: {message}"
    if len(text) > ANNOTATION_LIMIT:
        text = text[: ANNOTATION_LIMIT - 4].rsplit(" ", 1)[0] + " ..."
    evaluation = Evaluation(ComplianceType.NON_COMPLIANT, _account_id(event), RESOURCE_TYPE, text)
    evaluation.import_fields_from_periodic_event(event)
    token = event["resultToken"]
    boto3.client("config").put_evaluations(
        Evaluations=[evaluation.get_json()], ResultToken=token, TestMode=token == "TESTMODE"
    )

"""An AWS on a free loopback port, for one process and as long as a `with` block lasts.

moto stores the resources. What it lacks for this rule is added to its response classes while the block lasts, and
taken away afterwards: stored evaluations, metric filters that are replaced rather than doubled, subscriptions that
stay pending until they are confirmed, alarm history, mute rules, composite alarms, TestMetricFilter.
"""

from __future__ import annotations

import json
import logging
import os
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

from config_changes_alarm.filter_pattern import Answer, PatternSyntaxError, matches, parse
from moto.cloudtrail.models import Trail as MotoTrail
from moto.cloudtrail.responses import CloudTrailResponse
from moto.cloudwatch.responses import CloudWatchResponse
from moto.config.exceptions import InvalidParameterValueException, InvalidResultTokenException
from moto.config.responses import ConfigResponse
from moto.core.responses import ActionResult, EmptyResult
from moto.logs.exceptions import InvalidParameterException, ResourceNotFoundException
from moto.logs.responses import LogsResponse
from moto.server import ThreadedMotoServer
from moto.sns.responses import SNSResponse
from moto.ssm.models import SimpleSystemManagerBackend

ACCOUNT_ID = "123456789012"
REGION = "us-east-1"

_CONFIRMABLE = ("email", "email-json", "http", "https")
_ISOLATION = {
    "AWS_ACCESS_KEY_ID": "embedded",
    "AWS_SECRET_ACCESS_KEY": "embedded",
    "AWS_DEFAULT_REGION": REGION,
    "AWS_REGION": REGION,
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_PAGER": "",
    "NO_PROXY": "127.0.0.1",
    "no_proxy": "127.0.0.1",
}
_REMOVED = ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN", "AWS_ENDPOINT_URL_STS", "AWS_ROLE_ARN")


class EmbeddedAws:
    """The running service: where it listens, and what only a person or AWS itself can do in an account."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self.evaluations: list[dict[str, Any]] = []
        self.evaluations_asked_for: list[str] = []
        self.mute_rules: dict[str, dict[str, Any]] = {}
        self.alarm_history: list[dict[str, Any]] = []
        self.trail_delivery_error: str | None = None
        self._confirmed: set[str] = set()

    def empty(self) -> None:
        """Takes away whatever has been made, as if it had just been started."""
        request = urllib.request.Request(f"{self.endpoint}/moto-api/reset", method="POST")
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=10) as answer:
            answer.read()
        for made in (
            self.evaluations,
            self.evaluations_asked_for,
            self.mute_rules,
            self.alarm_history,
            self._confirmed,
        ):
            made.clear()
        self.trail_delivery_error = None

    def environment(self) -> dict[str, str]:
        """What a process needs to see this AWS and no other."""
        kept = {name: value for name, value in os.environ.items() if name not in _REMOVED}
        return {**kept, **_ISOLATION, "AWS_ENDPOINT_URL": self.endpoint}

    def confirm(self, endpoint: str) -> None:
        """The click on the link in the confirmation message."""
        self._confirmed.add(endpoint)

    def pending(self, protocol: str, endpoint: str) -> bool:
        """Whether a subscription still waits for that click."""
        return protocol in _CONFIRMABLE and endpoint not in self._confirmed


@contextmanager
def embedded_aws() -> Iterator[EmbeddedAws]:
    """Starts it, points this process's AWS settings at it, and takes everything away again."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        _, port = server.get_host_and_port()
        aws = EmbeddedAws(f"http://127.0.0.1:{port}")
        with ExitStack() as stack:
            stack.enter_context(patch.dict(os.environ, aws.environment()))
            for name in _REMOVED:
                os.environ.pop(name, None)
            for owner, name, function in _additions(aws):
                stack.enter_context(patch.object(owner, name, function, create=True))
            aws.empty()
            yield aws
    finally:
        server.stop()


def _additions(aws: EmbeddedAws) -> list[tuple[type, str, Callable[..., Any]]]:
    return [*_config(aws), *_logs(), *_sns(aws), *_cloudwatch(aws), *_cloudtrail(aws), *_ssm()]


# --------------------------------------------------------------------------- AWS Config


def _config(aws: EmbeddedAws) -> list[tuple[type, str, Callable[..., Any]]]:
    def put_evaluations(self: Any) -> str:
        evaluations = self._get_param("Evaluations") or []
        if not self._get_param("ResultToken"):
            raise InvalidResultTokenException
        for evaluation in evaluations:
            if evaluation["ComplianceType"] not in ("COMPLIANT", "NON_COMPLIANT", "NOT_APPLICABLE"):
                raise InvalidParameterValueException(f"ComplianceType {evaluation['ComplianceType']} is not allowed")
            if not 1 <= len(evaluation.get("Annotation", "-")) <= 256:
                raise InvalidParameterValueException("Annotation has 1 to 256 characters")
        if not self._get_param("TestMode"):
            aws.evaluations.extend(evaluations)
        return json.dumps({"FailedEvaluations": []})

    def get_compliance_details_by_config_rule(self: Any) -> str:
        name = self._get_param("ConfigRuleName")
        latest = {(each["ComplianceResourceType"], each["ComplianceResourceId"]): each for each in aws.evaluations}
        now = datetime.now(UTC).timestamp()
        results = [
            {
                "EvaluationResultIdentifier": {
                    "EvaluationResultQualifier": {
                        "ConfigRuleName": name,
                        "ResourceType": resource_type,
                        "ResourceId": resource_id,
                    }
                },
                "ComplianceType": each["ComplianceType"],
                "Annotation": each.get("Annotation", ""),
                "ResultRecordedTime": now,
            }
            for (resource_type, resource_id), each in latest.items()
        ]
        return json.dumps({"EvaluationResults": results})

    def start_config_rules_evaluation(self: Any) -> str:
        aws.evaluations_asked_for.extend(self._get_param("ConfigRuleNames"))
        return "{}"

    return [
        (ConfigResponse, "start_config_rules_evaluation", start_config_rules_evaluation),
        (ConfigResponse, "put_evaluations", put_evaluations),
        (ConfigResponse, "get_compliance_details_by_config_rule", get_compliance_details_by_config_rule),
    ]


# --------------------------------------------------------------------------- CloudWatch Logs


def _logs() -> list[tuple[type, str, Callable[..., Any]]]:
    original = LogsResponse.put_metric_filter

    def put_metric_filter(self: Any) -> str:
        group, name = self._get_param("logGroupName"), self._get_param("filterName")
        if group not in self.logs_backend.groups:
            raise ResourceNotFoundException
        _checked(self._get_param("filterPattern"))
        filters = self.logs_backend.filters.metric_filters
        filters[:] = [each for each in filters if (each["logGroupName"], each["filterName"]) != (group, name)]
        answer: str = original(self)
        for member in ("applyOnTransformedLogs", "fieldSelectionCriteria", "emitSystemFieldDimensions"):
            if self._get_param(member) is not None:
                filters[-1][member] = self._get_param(member)
        return answer

    def test_metric_filter(self: Any) -> str:
        pattern = _checked(self._get_param("filterPattern"))
        found = [
            {"eventNumber": number, "eventMessage": message, "extractedValues": {}}
            for number, message in enumerate(self._get_param("logEventMessages"), 1)
            if matches(pattern, message) is Answer.MATCH
        ]
        return json.dumps({"matches": found})

    return [
        (LogsResponse, "put_metric_filter", put_metric_filter),
        (LogsResponse, "test_metric_filter", test_metric_filter),
    ]


def _checked(text: str) -> Any:
    try:
        return parse(text)
    except PatternSyntaxError as error:
        raise InvalidParameterException(msg=f"Invalid filter pattern: {error.message}") from None


# --------------------------------------------------------------------------- SNS


def _sns(aws: EmbeddedAws) -> list[tuple[type, str, Callable[..., Any]]]:
    attributes_of = SNSResponse.get_subscription_attributes

    def list_subscriptions_by_topic(self: Any) -> ActionResult:
        subscriptions, token = self.backend.list_subscriptions_by_topic(
            self._get_param("TopicArn"), next_token=self._get_param("NextToken")
        )
        shown = [
            {
                "SubscriptionArn": "PendingConfirmation" if aws.pending(each.protocol, each.endpoint) else each.arn,
                "Owner": each.owner,
                "Protocol": each.protocol,
                "Endpoint": each.endpoint,
                "TopicArn": each.topic_arn,
            }
            for each in subscriptions
        ]
        return ActionResult({"Subscriptions": shown, "NextToken": token})

    def get_subscription_attributes(self: Any) -> ActionResult:
        subscription = self.backend.subscriptions.get(self._get_param("SubscriptionArn"))
        if subscription is not None:
            pending = aws.pending(subscription.protocol, subscription.endpoint)
            subscription.attributes["PendingConfirmation"] = "true" if pending else "false"
        answer: ActionResult = attributes_of(self)
        return answer

    return [
        (SNSResponse, "list_subscriptions_by_topic", list_subscriptions_by_topic),
        (SNSResponse, "get_subscription_attributes", get_subscription_attributes),
    ]


# --------------------------------------------------------------------------- CloudWatch


def _cloudwatch(aws: EmbeddedAws) -> list[tuple[type, str, Callable[..., Any]]]:
    def describe_alarm_history(self: Any) -> ActionResult:
        name = self._get_param("AlarmName")
        items = [item for item in aws.alarm_history if name in (None, item["AlarmName"])]
        return ActionResult({"AlarmHistoryItems": items})

    def put_alarm_mute_rule(self: Any) -> EmptyResult:
        name = self._get_param("Name")
        aws.mute_rules[name] = {
            "Rule": self._get_param("Rule"),
            "MuteTargets": self._get_param("MuteTargets") or {},
            "Status": "ACTIVE",
            "AlarmMuteRuleArn": f"arn:aws:cloudwatch:{self.region}:{self.current_account}:alarm-mute-rule:{name}",
        }
        return EmptyResult()

    def list_alarm_mute_rules(self: Any) -> ActionResult:
        name, statuses = self._get_param("AlarmName"), self._get_param("Statuses") or ()
        found = [
            {"AlarmMuteRuleArn": rule["AlarmMuteRuleArn"], "Status": rule["Status"]}
            for rule in aws.mute_rules.values()
            if name in (None, *rule["MuteTargets"].get("AlarmNames", ()))
            if not statuses or rule["Status"] in statuses
        ]
        return ActionResult({"AlarmMuteRuleSummaries": found})

    def get_alarm_mute_rule(self: Any) -> ActionResult:
        name = self._get_param("AlarmMuteRuleName")
        return ActionResult({"Name": name, **aws.mute_rules[name]})

    def delete_alarm_mute_rule(self: Any) -> EmptyResult:
        aws.mute_rules.pop(self._get_param("AlarmMuteRuleName"), None)
        return EmptyResult()

    def put_composite_alarm(self: Any) -> EmptyResult:
        given = self._get_param
        self.cloudwatch_backend.put_metric_alarm(
            name=given("AlarmName"), namespace="", metric_name="", metric_data_queries=None,
            comparison_operator="", evaluation_periods=1, datapoints_to_alarm=None, period=60, threshold=0.0,
            statistic="", extended_statistic=None, description=given("AlarmDescription") or "", dimensions=[],
            alarm_actions=given("AlarmActions") or [], ok_actions=[], insufficient_data_actions=[], unit=None,
            actions_enabled=given("ActionsEnabled"), treat_missing_data=None,
            evaluate_low_sample_count_percentile=None, threshold_metric_id=None, rule=given("AlarmRule"), tags=None,
        )  # fmt: skip
        return EmptyResult()

    additions = (
        describe_alarm_history,
        put_alarm_mute_rule,
        list_alarm_mute_rules,
        get_alarm_mute_rule,
        delete_alarm_mute_rule,
        put_composite_alarm,
    )
    return [(CloudWatchResponse, function.__name__, function) for function in additions]


# --------------------------------------------------------------------------- CloudTrail


def _cloudtrail(aws: EmbeddedAws) -> list[tuple[type, str, Callable[..., Any]]]:
    original = MotoTrail.get_event_selectors

    def get_event_selectors(self: Any) -> Any:
        """A fresh trail records all management events."""
        basic, advanced = original(self)
        if not basic and not advanced:
            basic = [{"ReadWriteType": "All", "IncludeManagementEvents": True, "DataResources": []}]
        return basic, advanced

    status_of = CloudTrailResponse.get_trail_status

    def get_trail_status(self: Any) -> str:
        answer = json.loads(status_of(self))
        if aws.trail_delivery_error is not None:
            answer["LatestCloudWatchLogsDeliveryError"] = aws.trail_delivery_error
        return json.dumps(answer)

    return [
        (MotoTrail, "get_event_selectors", get_event_selectors),
        (CloudTrailResponse, "get_trail_status", get_trail_status),
    ]


# --------------------------------------------------------------------------- Systems Manager


def _ssm() -> list[tuple[type, str, Callable[..., Any]]]:
    original = SimpleSystemManagerBackend.create_document

    def create_document(self: Any, **given: Any) -> Any:
        """A CloudFormation template gives the content as a value; it is JSON where the template does not say."""
        content = given["content"] if isinstance(given["content"], str) else json.dumps(given["content"])
        return original(self, **{**given, "content": content, "document_format": given["document_format"] or "JSON"})

    return [(SimpleSystemManagerBackend, "create_document", create_document)]

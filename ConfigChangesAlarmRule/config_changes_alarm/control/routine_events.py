"""The routine events of an account, and which of them a filter pattern matches.

A filter that matches events that every account produces all day keeps its alarm in ALARM.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ..filter_pattern import Answer, Pattern, matches
from .recorded_calls import ACCOUNT, identities, recorded_call

__all__ = ["RoutineEvent", "routine_events", "routine_matches"]


@dataclass(frozen=True, slots=True)
class RoutineEvent:
    """An event that every account produces all day, as CloudTrail records it for a role and for an AWS service."""

    name: str
    messages: tuple[str, ...]


_READS = {
    "config": "DescribeConfigurationRecorders DescribeConfigurationRecorderStatus DescribeDeliveryChannels "
    "DescribeDeliveryChannelStatus DescribeConfigRules DescribeComplianceByConfigRule GetComplianceDetailsByConfigRule "
    "GetResourceConfigHistory BatchGetResourceConfig ListDiscoveredResources SelectResourceConfig ListTagsForResource",
    "sts": "AssumeRole GetCallerIdentity AssumeRoleWithWebIdentity",
    "kms": "Decrypt GenerateDataKey DescribeKey ListAliases",
    "s3": "GetBucketAcl HeadBucket ListBuckets GetBucketLocation GetBucketPolicy GetBucketEncryption",
    "logs": "DescribeLogGroups DescribeLogStreams DescribeMetricFilters",
    "ec2": "DescribeInstances DescribeRegions DescribeSecurityGroups DescribeVolumes DescribeNetworkInterfaces "
    "DescribeSubnets DescribeVpcs DescribeImages DescribeTags",
    "iam": "GetRole ListRoles GetPolicy ListPolicies GetUser ListUsers GetAccountSummary ListAttachedRolePolicies",
    "cloudtrail": "LookupEvents DescribeTrails GetTrailStatus GetEventSelectors ListTrails",
    "monitoring": "DescribeAlarms ListMetrics DescribeAlarmsForMetric",
    "lambda": "ListFunctions20150331 GetFunction20150331v2 GetPolicy20150331v2",
    "tagging": "GetResources",
    "health": "DescribeEventAggregates",
    "securityhub": "GetFindings DescribeHub",
    "sns": "ListTopics GetTopicAttributes ListSubscriptionsByTopic",
    "ssm": "DescribeInstanceInformation ListAssociations",
}
_WRITES = {
    "config": "PutEvaluations StartConfigRulesEvaluation",
    "logs": "CreateLogStream CreateLogGroup",
    "ec2": "CreateNetworkInterface DeleteNetworkInterface CreateTags RunInstances TerminateInstances",
    "ssm": "UpdateInstanceInformation PutInventory",
    "securityhub": "BatchImportFindings",
    "autoscaling": "CompleteLifecycleAction",
    "ecs": "RegisterContainerInstance SubmitTaskStateChange UpdateService",
}


@lru_cache(maxsize=4)
def routine_events(account_id: str = ACCOUNT, region: str = "us-east-1") -> tuple[RoutineEvent, ...]:
    """Reads, role sessions, deliveries and the like, writes first, as they occur in this account and Region."""
    return (
        *_routine(_WRITES, False, account_id, region),
        *_routine(_READS, True, account_id, region),
    )


def _routine(services: Mapping[str, str], read_only: bool, account_id: str, region: str) -> list[RoutineEvent]:
    """By a role, by a user where global services are, and by an AWS service in another Region."""
    role, user, _, service = identities(account_id)
    calls = ((role, region), (user, "us-east-1"), (service, "eu-west-1"))
    events = []
    for prefix, names in services.items():
        for name in names.split():
            source = f"{prefix}.amazonaws.com"
            records = (recorded_call(source, name, account_id, identity, where, read_only) for identity, where in calls)
            messages = tuple(json.dumps(record, separators=(",", ":")) for record in records)
            events.append(RoutineEvent(f"{prefix}:{name}", messages))
    return events


def routine_matches(
    pattern: Pattern,
    account_id: str,
    region: str,
    may_occur: Callable[[Mapping[str, Any]], bool] = lambda _: True,
) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """The account's routine events that a pattern matches by name; and name and message of those that are undecided.

    Only of events that `may_occur`, given the record, where the pattern is applied.
    """
    matched: dict[str, None] = {}
    doubtful: list[tuple[str, str]] = []
    for event in routine_events(account_id, region):
        for message in event.messages:
            answer = matches(pattern, message)
            if answer is Answer.NO_MATCH or not may_occur(json.loads(message)):
                continue
            if answer is Answer.MATCH:
                matched[event.name] = None
            else:
                doubtful.append((event.name, message))
    return tuple(matched), tuple(doubtful)

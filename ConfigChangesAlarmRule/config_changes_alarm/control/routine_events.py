"""The routine events of an account, and which of them a filter pattern matches.

A filter that matches events that every account produces all day keeps its alarm in ALARM. The list is made after what
records hold, not after names alone: of 2,900 captured records (invictus-ir/aws_dataset) one in ten is a failed call,
four in five say with which TLS, and sign-ins and service events lack members that calls have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ..filter_pattern import Answer, JsonMessage, JsonNumber, Pattern, matches
from .recorded_calls import ACCOUNT, Record, identities, recorded_call

__all__ = ["RoutineEvent", "routine_events", "routine_matches"]


@dataclass(frozen=True, slots=True)
class RoutineEvent:
    """An event that every account produces all day, as CloudTrail records it for callers of several kinds."""

    name: str
    messages: tuple[JsonMessage, ...]


_READS = {
    "config": "DescribeConfigurationRecorders DescribeConfigurationRecorderStatus DescribeDeliveryChannels "
    "DescribeDeliveryChannelStatus DescribeConfigRules DescribeComplianceByConfigRule GetComplianceDetailsByConfigRule "
    "GetResourceConfigHistory BatchGetResourceConfig ListDiscoveredResources SelectResourceConfig ListTagsForResource",
    "sts": "AssumeRole GetCallerIdentity AssumeRoleWithWebIdentity",
    "kms": "Decrypt Encrypt GenerateDataKey DescribeKey ListAliases",
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
    "ssm": "DescribeInstanceInformation ListAssociations DescribeParameters GetParameter",
    "secretsmanager": "GetSecretValue DescribeSecret",
    "rds": "DescribeDBInstances",
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


_FAILED = {
    "config": "DescribeConfigurationRecorderStatus=NoSuchConfigurationRecorderException",
    "sts": "AssumeRole=AccessDenied",
    "ce": "GetCostAndUsage=AccessDenied",
    "kms": "Decrypt=AccessDenied",
    "secretsmanager": "GetSecretValue=AccessDeniedException GetSecretValue=ResourceNotFoundException",
    "ec2": "DescribeInstanceAttribute=Client.UnauthorizedOperation "
    "DescribeRouteTables=Client.InvalidRouteTableID.NotFound DescribeVolumes=Client.InvalidVolume.NotFound "
    "DescribeInstances=Client.RequestLimitExceeded",
    "s3": "GetBucketPublicAccessBlock=NoSuchPublicAccessBlockConfiguration GetBucketPolicy=NoSuchBucketPolicy "
    "GetBucketLifecycle=NoSuchLifecycleConfiguration GetBucketCors=NoSuchCORSConfiguration "
    "GetBucketWebsite=NoSuchWebsiteConfiguration GetBucketReplication=ReplicationConfigurationNotFoundError "
    "GetBucketObjectLockConfiguration=ObjectLockConfigurationNotFoundError GetBucketTagging=NoSuchTagSet",
    "iam": "GetRole=NoSuchEntityException",
    "securityhub": "DescribeHub=InvalidAccessException",
    "cloudformation": "DescribeStacks=ValidationException",
    "ssm": "DescribeParameters=ThrottlingException",
    "monitoring": "ListMetrics=Throttling",
}
_FAILED_WRITES = {
    "ec2": "RunInstances=Client.InvalidParameterValue RunInstances=Client.VcpuLimitExceeded",
    "logs": "CreateLogGroup=ResourceAlreadyExistsException",
    "ssm": "PutParameter=ThrottlingException",
    "lambda": "CreateFunction20150331=InvalidParameterValueException",
}
"""Calls that fail every day, with their error codes: those of the captured records, and what configuration tools meet.

A bucket's HEAD that is denied is left out: who counts denied calls leaves it out too, or does not, and both are right.
"""


@lru_cache(maxsize=16)
def routine_events(account_id: str = ACCOUNT, region: str = "us-east-1") -> tuple[RoutineEvent, ...]:
    """Reads, role sessions, deliveries and the like, writes first, as they occur in this account and Region."""
    calls = _Calls(account_id, region)
    return (
        *calls.made(_WRITES, False),
        *calls.made(_READS, True),
        *calls.failed(_FAILED_WRITES, False),
        *calls.failed(_FAILED, True),
        *(RoutineEvent(name, (JsonMessage(record),)) for name, record in _others(account_id, region)),
    )


def _named(services: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    return ((prefix, name) for prefix, names in services.items() for name in names.split())


class _Calls:
    """API calls of one account, each by callers of several kinds, in the Regions where those are."""

    def __init__(self, account_id: str, region: str) -> None:
        self.account_id = account_id
        self.region = region
        self.role, self.user, _, self.service = identities(account_id)
        self.linked_role = {
            **self.role,
            "arn": f"arn:aws:sts::{account_id}:assumed-role/AWSServiceRoleForConfig/AWSConfig-Describe",
            "principalId": "AROAEXAMPLEEXAMPLEEXAM:AWSConfig-Describe",
            "invokedBy": "config.amazonaws.com",
        }

    def made(self, services: Mapping[str, str], read_only: bool) -> Iterator[RoutineEvent]:
        """By a role with an SDK, by a user in the console where global services are, and by a service elsewhere."""
        for prefix, name in _named(services):
            answer = None if read_only else {"_return": True}
            records = (
                self._record(prefix, name, self.role, self.region, read_only, responseElements=answer),
                self._record(
                    prefix,
                    name,
                    self.user,
                    "us-east-1",
                    read_only,
                    userAgent="Mozilla/5.0 (X11; Linux x86_64)",
                    sessionCredentialFromConsole="true",
                    requestParameters={"maxResults": JsonNumber("100")},
                ),
                self._record(prefix, name, self.service, "eu-west-1", read_only),
            )
            yield RoutineEvent(f"{prefix}:{name}", tuple(map(JsonMessage, records)))

    def failed(self, services: Mapping[str, str], read_only: bool) -> Iterator[RoutineEvent]:
        """By a role with an SDK, and by the role of AWS Config's recorder."""
        for prefix, each in _named(services):
            name, code = each.split("=")
            members: Record = {"errorCode": code, "errorMessage": "The request failed"}
            records = (
                self._record(prefix, name, self.role, self.region, read_only, **members),
                self._record(prefix, name, self.linked_role, "eu-west-1", read_only, **members),
            )
            yield RoutineEvent(f"{prefix}:{name} ({code})", tuple(map(JsonMessage, records)))

    def _record(self, prefix: str, name: str, identity: Record, region: str, read_only: bool, **members: Any) -> Record:
        source = f"{prefix}.amazonaws.com"
        record = recorded_call(source, name, self.account_id, identity, region, read_only)
        if "invokedBy" in identity:
            return {**record, "sourceIPAddress": identity["invokedBy"], "userAgent": identity["invokedBy"], **members}
        host = f"{prefix}.{region}.amazonaws.com"
        version, suite = ("TLSv1.3", "TLS_AES_128_GCM_SHA256") if identity is self.role else _OLDER_TLS
        tls = {"tlsVersion": version, "cipherSuite": suite, "clientProvidedHostHeader": host}
        return {**record, "userAgent": "Boto3/1.35.10 md/Botocore#1.35.10", "tlsDetails": tls, **members}


_OLDER_TLS = ("TLSv1.2", "ECDHE-RSA-AES128-GCM-SHA256")


_TRANSFERRED = {"bytesTransferredIn": JsonNumber("0"), "bytesTransferredOut": JsonNumber("353.0")}


def _others(account_id: str, region: str) -> Iterator[tuple[str, Record]]:
    """What is no plain call: uses of keys and buckets, sessions of others, service events and sign-ins."""
    role, user, _, service = identities(account_id)
    key = {"accountId": account_id, "type": "AWS::KMS::Key", "ARN": f"arn:aws:kms:{region}:{account_id}:key/1234abcd"}
    shared: Record = {"sharedEventID": "0a1b2c3d-0000-4000-8000-000000000001"}

    def call(source: str, name: str, identity: Record, read_only: bool = True, **members: Any) -> tuple[str, Record]:
        made = recorded_call(f"{source}.amazonaws.com", name, account_id, identity, region, read_only)
        return f"{source}:{name}", {**made, **members}

    yield call("kms", "Decrypt", service, resources=[key], **shared)
    yield call(
        "s3",
        "GetBucketAcl",
        role,
        resources=[{"accountId": account_id, "type": "AWS::S3::Bucket", "ARN": "arn:aws:s3:::trail-bucket"}],
        additionalEventData={"SignatureVersion": "SigV4", **_TRANSFERRED},
        vpcEndpointId="vpce-0123456789abcdef0",
    )
    yield call("lambda", "ListFunctions20150331", role, apiVersion="2015-03-31")
    stranger = {"type": "AWSAccount", "principalId": "AROAEXAMPLEEXAMPLEEXAM:tool", "accountId": "210987654321"}
    answer = {"credentials": {"accessKeyId": "ASIAEXAMPLEEXAMPLE12"}}
    yield call("sts", "AssumeRole", stranger, responseElements=answer, **shared)
    web = {"type": "WebIdentityUser", "principalId": "accounts.example.com:app", "identityProvider": "accounts.example"}
    yield call("sts", "AssumeRoleWithWebIdentity", web, responseElements=answer)
    saml = {"type": "SAMLUser", "principalId": "example:alice", "userName": "alice", "identityProvider": "example"}
    yield call("sts", "AssumeRoleWithSAML", saml, responseElements=answer)
    yield _not_a_call(
        *call("secretsmanager", "EndSecretVersionDelete", {"accountId": account_id, **service}, False),
        eventType="AwsServiceEvent",
        additionalEventData={"SecretId": "example"},
        serviceEventDetails={"SecretId": "example"},
    )
    signing_in: Record = {"eventType": "AwsConsoleSignIn", "userAgent": "Mozilla/5.0 (X11; Linux x86_64)"}
    yield _not_a_call(
        *call("signin", "ConsoleLogin", user, False),
        **signing_in,
        responseElements={"ConsoleLogin": "Success"},
        additionalEventData={"LoginTo": "https://console.aws.amazon.com/", "MobileVersion": "No", "MFAUsed": "Yes"},
    )
    yield _not_a_call(
        *call("signin", "CheckMfa", user, False),
        **signing_in,
        responseElements={"CheckMfa": "Success"},
        additionalEventData={"MfaType": "Virtual MFA"},
    )


def _not_a_call(name: str, record: Record, **members: Any) -> tuple[str, Record]:
    """A service event or a sign-in: without a request's id."""
    made = {**record, **members}
    if members["eventType"] == "AwsServiceEvent":
        made["userIdentity"] = {key: each for key, each in record["userIdentity"].items() if key != "type"}
    return name, {key: each for key, each in made.items() if key != "requestID"}


def routine_matches(
    pattern: Pattern,
    account_id: str,
    region: str,
    may_occur: Callable[[Mapping[str, Any]], bool] = lambda _: True,
    asked_for: Sequence[Pattern] = (),
) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """The account's routine events that a pattern matches by name; and name and message of those that are undecided.

    Only of events that `may_occur`, given the record, where the pattern is applied. What is `asked_for` by any of those
    patterns is no noise, and where nobody knows whether that or the pattern matches, they are taken to read alike.
    """
    matched: dict[str, None] = {}
    doubtful: list[tuple[str, str]] = []
    for event in routine_events(account_id, region):
        for message in event.messages:
            answer = matches(pattern, message)
            if answer is Answer.NO_MATCH or not may_occur(message.record):
                continue
            if any(matches(each, message) in (Answer.MATCH, answer) for each in asked_for):
                continue
            if answer is Answer.MATCH:
                matched[event.name] = None
            else:
                doubtful.append((event.name, message.text))
    return tuple(matched), tuple(doubtful)

"""Reads an account with boto3: the only module that calls AWS.

Every read is made when first asked for and remembered, also when two threads ask at the same time. Refusals become
`Unreadable`, absence becomes `NotFound`; whatever else goes wrong raises `EvaluationFailed`, after botocore's retries.
Nothing is judged here, and no answer is believed further than it goes: what AWS was asked to filter is filtered again,
an answer about another resource than the one asked about is refused, and a list that is missing is not an empty list.

A compliant account costs one call a hop. Three of them look dispensable and are not: DescribeLogGroups (a log group of
another class than STANDARD feeds no metric filter), DescribeMetricFilters by metric (a filter of any other log group
may publish to the same metric and hold the alarm in one state) and GetSubscriptionAttributes (a filter policy may drop
the alarm's message). No other answer says any of this.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Hashable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from threading import Lock
from typing import Any, TypeVar

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError
from urllib3.exceptions import HTTPError

from ..resources import (
    AlarmHistoryItem,
    AlarmListing,
    AlarmMuteRule,
    AlarmType,
    Arn,
    CompositeAlarm,
    EventSelectors,
    Key,
    LogAlarm,
    LogGroup,
    LogGroupId,
    MalformedAnswer,
    MalformedArn,
    Metric,
    MetricAlarm,
    MetricFilter,
    Place,
    Subscription,
    SubscriptionAttributes,
    Topic,
    Trail,
    TrailStatus,
)
from .door import EvaluationFailed, NotFound, Unreadable

__all__ = ["AwsAccount", "Call"]

T = TypeVar("T")
_log = logging.getLogger(__name__)

_THREADS = 16

ATTEMPTS, CONNECT_SECONDS, READ_SECONDS = 5, 3, 8
CONFIG = Config(
    connect_timeout=CONNECT_SECONDS,
    read_timeout=READ_SECONDS,
    retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
    max_pool_connections=_THREADS,
)
"""All attempts of a call that never gets through end within a minute: half of the function's timeout."""

SECONDS = 300.0
"""How long an evaluation may read when nobody says otherwise."""

_LOGS_PAGE, _ALARMS_PAGE, _HISTORY_PAGE = 50, 100, 100
"""The most that one answer may hold."""

_CALLS_PER_SECOND = {
    "logs:DescribeMetricFilters": 4.0,
    "logs:TestMetricFilter": 4.0,
    "logs:DescribeLogGroups": 8.0,
    "cloudwatch:DescribeAlarms": 7.0,
    "cloudwatch:DescribeAlarmsForMetric": 7.0,
    "cloudtrail:GetTrailStatus": 8.0,
    "cloudtrail:GetEventSelectors": 8.0,
}
"""Four fifths of what AWS lets an account call in a Region (service quotas of CloudWatch Logs, CloudWatch, CloudTrail).

A log group with a hundred filters would otherwise be throttled at every evaluation, and never be judged.
"""

_ROLE_SESSION_NAME = "config-changes-alarm"

_DENIED = (
    "AuthorizationError",
    "AuthorizationErrorException",
    "CloudTrailAccessNotEnabledException",
    "InsufficientDependencyServiceAccessPermissionException",
    "KMSOptInRequired",
    "NoManagementAccountSLRExistsException",
    "NotAuthorized",
    "OperationNotPermittedException",
    "OptInRequired",
    "RegionDisabledException",
    "SubscriptionRequiredException",
)
"""Refusals that do not say AccessDenied or Unauthorized, as most services do, also for an SCP's explicit deny."""
_NOT_FOUND = (
    "InvalidArnException",
    "NotFound",
    "NotFoundException",
    "ResourceNotFound",
    "ResourceNotFoundException",
    "TrailNotFoundException",
)
_EXPIRED = ("ExpiredToken", "ExpiredTokenException", "RequestExpired")
_UNKNOWN_CREDENTIALS = (
    "AuthFailure",
    "IncompleteSignature",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "MissingAuthenticationToken",
    "MissingAuthenticationTokenException",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
)
_UNKNOWN_IN_A_DISABLED_REGION = ("AuthFailure", "InvalidClientTokenId", "UnrecognizedClientException")
"""What a Region that is not enabled in an account answers to credentials that are good elsewhere."""
_NOT_OFFERED = ("UnknownOperationException", "InvalidAction", "UnknownOperation")
_INVALID = ("ValidationError", "ValidationException", "InvalidParameterValue", "InvalidParameterValueException")


@dataclass(frozen=True, slots=True)
class Call:
    """One request that was made: an IAM action, where, how long it took in all, and how often it was retried."""

    operation: str
    place: Place
    milliseconds: float
    retries: int


class _Denied(Exception):
    def __init__(self, unreadable: Unreadable) -> None:
        super().__init__(unreadable.error_code)
        self.unreadable = unreadable


class _Absent(Exception):
    pass


class _NotOffered(Exception):
    pass


@dataclass(frozen=True, slots=True)
class _Failed:
    """A remembered failure, so that nobody waits for the same retries twice."""

    message: str


@dataclass(frozen=True, slots=True)
class _Credentials:
    """A role's temporary credentials. Never shown."""

    access_key: str = field(repr=False)
    secret_key: str = field(repr=False)
    token: str = field(repr=False)


class _Pace:
    """Lets a second's calls pass at once, and what follows at the rate: as a bucket of a second's tokens would."""

    def __init__(self, per_second: float) -> None:
        self._interval = 1 / per_second
        self._slack = 1 - self._interval
        self._next = float("-inf")
        self._lock = Lock()

    def seconds_to_wait(self, now: float) -> float:
        """For the caller's turn, which it thereby takes."""
        with self._lock:
            turn = max(self._next, now)
            self._next = turn + self._interval
        return max(0.0, turn - self._slack - now)


class AwsAccount:
    """An account as its evaluator's credentials show it. Implements `account.Account`.

    `session` builds every client, except the evaluator's own where `own_client(service, region)` does: rdklib hands out
    clients and no credentials. After `seconds` no attempt of any call begins any more: `EvaluationFailed`.
    """

    def __init__(
        self,
        session: boto3.Session,
        account_id: str,
        region: str,
        log_group_account_role_name: str | None = None,
        *,
        config: Config = CONFIG,
        own_client: Callable[[str, str], Any] | None = None,
        seconds: float = SECONDS,
    ) -> None:
        self._session = session
        self._account_id = account_id
        self._region = region
        self._role_name = log_group_account_role_name
        self._config = config
        self._own_client = own_client or self._client_of_session
        self._seconds = seconds
        self._deadline = time.monotonic() + seconds
        self._clients: dict[tuple[str, Place], Any] = {}
        self._answers: dict[Hashable, Any] = {}
        self._locks: dict[Hashable, Lock] = {}
        self._lock = Lock()
        self._client_lock = Lock()
        self._calls: list[Call] = []
        self._paces: dict[tuple[str, Place], _Pace] = {}

    @property
    def account_id(self) -> str:
        return self._account_id

    @property
    def region(self) -> str:
        return self._region

    @property
    def partition(self) -> str:
        def read() -> str:
            try:
                with self._client_lock:
                    return self._session.get_partition_for_region(self._region)
            except BotoCoreError:
                raise EvaluationFailed(f"no AWS partition has a Region {self._region!r}") from None

        return self._once("partition", read)

    def calls(self) -> tuple[Call, ...]:
        """Every request so far, in the order of their ends."""
        with self._lock:
            return tuple(self._calls)

    # ------------------------------------------------------------------- machinery

    def _once(self, key: Hashable, read: Callable[[], T]) -> T:
        """The remembered answer; threads that ask for the same thing wait for one read."""
        with self._lock:
            lock = self._locks.setdefault(key, Lock())
        with lock:
            if key not in self._answers:
                try:
                    self._answers[key] = read()
                except EvaluationFailed as error:
                    self._answers[key] = _Failed(str(error))
                    raise
            answer: T | _Failed = self._answers[key]
        if isinstance(answer, _Failed):
            raise EvaluationFailed(answer.message)
        return answer

    def _reading(self, key: Hashable, subject: str, read: Callable[[], T]) -> T | NotFound | Unreadable:
        def outcome() -> T | NotFound | Unreadable:
            try:
                return read()
            except _Denied as denied:
                return denied.unreadable
            except (_Absent, MalformedArn):  # what has no valid name cannot exist
                return NotFound(subject)
            except _NotOffered as error:
                raise EvaluationFailed(f"{error} is not offered in this Region") from None

        return self._once(key, outcome)

    def _credentials(self, account_id: str) -> _Credentials:
        """Those of the role in another account. Raises `_Denied`."""
        credentials = self._once(("credentials", account_id), lambda: self._assumed(account_id))
        if isinstance(credentials, Unreadable):
            raise _Denied(credentials)
        return credentials

    def _assumed(self, account_id: str) -> _Credentials | Unreadable:
        if self._role_name is None:
            return Unreadable("sts:AssumeRole", "NoRoleGiven", f"account {account_id}")
        arn = f"arn:{self.partition}:iam::{account_id}:role/{self._role_name}"
        try:
            answer = self._call("sts", self._home, "assume_role", arn, RoleArn=arn, RoleSessionName=_ROLE_SESSION_NAME)
        except _Denied as denied:
            return denied.unreadable
        except _Absent:
            return Unreadable("sts:AssumeRole", "NoSuchRole", arn)
        given = _parsed("AssumeRole", lambda: _structure(answer, "Credentials"))
        members = ("AccessKeyId", "SecretAccessKey", "SessionToken")
        return _Credentials(*(_parsed("AssumeRole", partial(_name, given, member)) for member in members))

    def _client(self, service: str, place: Place) -> Any:
        foreign = place.account_id != self._account_id
        credentials = self._credentials(place.account_id) if foreign else None
        with self._client_lock:  # a session may not make two clients at a time; a made client may be shared
            client = self._clients.get((service, place))
            if client is None:
                client = self._made(service, place.region, credentials)
                client.meta.events.register("before-send", self._in_time)
                self._clients[service, place] = client
            return client

    def _made(self, service: str, region: str, credentials: _Credentials | None) -> Any:
        try:
            if credentials is None:
                return self._own_client(service, region)
            return self._client_of_session(
                service,
                region,
                aws_access_key_id=credentials.access_key,
                aws_secret_access_key=credentials.secret_key,
                aws_session_token=credentials.token,
            )
        except ClientError as error:  # rdklib assumes its role when it builds its first client, and words the refusal
            told = error.response.get("Error", {})
            raise EvaluationFailed(f"sts:AssumeRole: {told.get('Code')}: {told.get('Message')}") from None
        except (BotoCoreError, ValueError) as error:
            raise EvaluationFailed(f"no {service} client for {region}: {error}") from None

    def _client_of_session(self, service: str, region: str, **credentials: str) -> Any:
        return self._session.client(  # type: ignore[call-overload]
            service, region_name=region, config=self._config, **credentials
        )

    def _wait_for_turn(self, operation: str, place: Place) -> None:
        per_second = _CALLS_PER_SECOND.get(operation)
        if per_second is None:
            return
        with self._lock:
            pace = self._paces.setdefault((operation, place), _Pace(per_second))
        now = time.monotonic()
        time.sleep(min(pace.seconds_to_wait(now), max(0.0, self._deadline - now)))

    def _in_time(self, **_: object) -> None:
        """Runs before every attempt, the retries too."""
        if time.monotonic() >= self._deadline:
            raise EvaluationFailed(f"AWS did not answer everything within {self._seconds:.0f} s")

    def _call(self, service: str, place: Place, method: str, subject: str, **request: Any) -> dict[str, Any]:
        """One request. Raises `_Denied`, `_Absent`, `_NotOffered` or `EvaluationFailed`."""
        client = self._client(service, place)
        name = client.meta.method_to_api_mapping[method]
        operation = f"{service}:{name}"
        self._wait_for_turn(operation, place)
        started = time.perf_counter()
        retries = 0
        try:
            answer: dict[str, Any] = getattr(client, method)(**request)
            retries = answer.get("ResponseMetadata", {}).get("RetryAttempts", 0)
            return answer
        except ClientError as error:
            retries = error.response.get("ResponseMetadata", {}).get("RetryAttempts", 0)
            raise self._failure(error, operation, place, subject) from None
        except (BotoCoreError, HTTPError) as error:  # urllib3's own where a connection breaks within an answer
            raise EvaluationFailed(f"{operation} in {place.region}: {error}") from None
        except (ResponseParserError, ValueError, LookupError, TypeError, AttributeError) as error:
            # botocore's parsers let these out of an answer that is no answer of that service
            raise EvaluationFailed(f"{operation} in {place.region}: AWS's answer makes no sense: {error!r}") from None
        finally:
            milliseconds = (time.perf_counter() - started) * 1000
            with self._lock:
                self._calls.append(Call(operation, place, milliseconds, retries))
            _log.debug("%s %s %s %.0f ms, %d retries", operation, place, subject, milliseconds, retries)

    def _failure(self, error: ClientError, operation: str, place: Place, subject: str) -> Exception:
        code = str(error.response.get("Error", {}).get("Code", ""))
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        disabled = place != self._home and code in _UNKNOWN_IN_A_DISABLED_REGION
        if code in _DENIED or "AccessDenied" in code or "Unauthorized" in code or disabled:
            return _Denied(Unreadable(operation, code, subject))
        if code == "InvalidParameterException" and operation == "logs:TestMetricFilter":
            return _Denied(Unreadable(operation, code, subject))  # it takes a stored pattern no longer: no answer
        if code in _EXPIRED:
            return EvaluationFailed(f"{operation}: the credentials have expired")
        if code in _UNKNOWN_CREDENTIALS:
            return EvaluationFailed(f"{operation}: AWS does not accept these credentials ({code})")
        if code in _NOT_FOUND or (code == "InvalidParameter" and operation.startswith("sns:Get")):
            return _Absent()
        if code in _NOT_OFFERED or (code in _INVALID and operation == "cloudwatch:DescribeAlarms"):
            return _NotOffered(operation)
        message = error.response.get("Error", {}).get("Message", "")
        return EvaluationFailed(f"{operation} in {place.region} failed: {code} (HTTP {status}) {message}")

    def _pages(
        self, service: str, place: Place, method: str, subject: str, token: str = "NextToken", **request: Any
    ) -> Iterator[dict[str, Any]]:
        """Every page. A token that comes back a second time would never end."""
        seen: set[str] = set()
        while True:
            answer = self._call(service, place, method, subject, **request)
            yield answer
            following = answer.get(token)
            if not following:
                return
            if following in seen:
                raise EvaluationFailed(f"{_operation(service, method)} answers the same page token twice")
            seen.add(following)
            request[token] = following

    def side_by_side(self, *reads: Callable[[], Any]) -> tuple[Any, ...]:
        """Each read in a thread of its own; all end before the first error is raised."""
        if len(reads) < 2:
            return tuple(read() for read in reads)
        with ThreadPoolExecutor(max_workers=min(len(reads), _THREADS)) as pool:
            futures = [pool.submit(read) for read in reads]
        return tuple(future.result() for future in futures)

    # ------------------------------------------------------------------- CloudTrail

    @property
    def _home(self) -> Place:
        return Place(self._account_id, self._region)

    def trails(self) -> tuple[Trail, ...] | Unreadable:
        def read() -> tuple[Trail, ...]:
            answer = self._call("cloudtrail", self._home, "describe_trails", "trails")
            trails = _each("DescribeTrails", answer, "trailList", Trail.from_api)
            return tuple({trail.trail_arn: trail for trail in trails}.values())

        return _present(self._reading("trails", "trails", read))

    def trail_status(self, trail: Trail) -> TrailStatus | NotFound | Unreadable:
        def read() -> TrailStatus:
            place = Place(self._account_id, trail.home_region)
            answer = self._call("cloudtrail", place, "get_trail_status", trail.trail_arn, Name=trail.trail_arn)
            return _parsed("GetTrailStatus", lambda: TrailStatus.from_api(answer))

        return self._reading(("status", trail.trail_arn), trail.trail_arn, read)

    def event_selectors(self, trail: Trail) -> EventSelectors | NotFound | Unreadable:
        def read(account_id: str) -> EventSelectors:
            place = Place(account_id, trail.home_region)
            answer = self._call("cloudtrail", place, "get_event_selectors", trail.trail_arn, TrailName=trail.trail_arn)
            _about("GetEventSelectors", answer, "TrailARN", trail.trail_arn)
            if answer.get("EventSelectors") is None and answer.get("AdvancedEventSelectors") is None:
                raise EvaluationFailed("GetEventSelectors: member 'EventSelectors' is missing")
            return _parsed("GetEventSelectors", lambda: EventSelectors.from_api(answer))

        def read_as_owner() -> EventSelectors:
            """An organization trail's selectors may be hidden from its members: its owner sees them."""
            try:
                return read(self._account_id)
            except _Denied:
                if trail.account_id == self._account_id or self._role_name is None:
                    raise
            return read(trail.account_id)

        return self._reading(("selectors", trail.trail_arn), trail.trail_arn, read_as_owner)

    # ------------------------------------------------------------------- CloudWatch Logs

    def log_group(self, log_group: LogGroupId) -> LogGroup | NotFound | Unreadable:
        def build(answer: dict[str, Any]) -> LogGroup:
            name = _name(answer, "logGroupName")
            parsed = LogGroup.from_api({"arn": f"{log_group.arn}:*", **answer})
            return replace(parsed, id=replace(log_group, name=name))

        def read() -> LogGroup:
            pages = self._pages(
                "logs",
                log_group.place,
                "describe_log_groups",
                log_group.name,
                "nextToken",
                logGroupNamePrefix=log_group.name,
                limit=_LOGS_PAGE,
            )
            for page in pages:
                for found in _each("DescribeLogGroups", page, "logGroups", build):
                    if found.id == log_group:
                        return found
            raise _Absent

        return self._reading(("log group", log_group), log_group.name, read)

    def metric_filters(self, log_group: LogGroupId) -> tuple[MetricFilter, ...] | NotFound | Unreadable:
        def build(answer: dict[str, Any]) -> MetricFilter:
            name = answer.get("logGroupName") or log_group.name
            return MetricFilter.from_api(answer, replace(log_group, name=str(name)))

        def read() -> tuple[MetricFilter, ...]:
            found: list[MetricFilter] = []
            for page in self._pages(
                "logs",
                log_group.place,
                "describe_metric_filters",
                log_group.name,
                "nextToken",
                logGroupName=log_group.name,
                limit=_LOGS_PAGE,
            ):
                for metric_filter in _each("DescribeMetricFilters", page, "metricFilters", build):
                    if metric_filter.log_group == log_group:
                        found.append(metric_filter)
            return tuple(found)

        return self._reading(("filters", log_group), log_group.name, read)

    def metric_filters_publishing(
        self, place: Place, metric_namespace: str, metric_name: str
    ) -> tuple[MetricFilter, ...] | Unreadable:
        def build(answer: dict[str, Any]) -> MetricFilter:
            name = _name(answer, "logGroupName")
            return MetricFilter.from_api(answer, LogGroupId(self.partition, place.account_id, place.region, name))

        def read() -> tuple[MetricFilter, ...]:
            found: list[MetricFilter] = []
            for page in self._pages(
                "logs",
                place,
                "describe_metric_filters",
                metric_name,
                "nextToken",
                metricName=metric_name,
                metricNamespace=metric_namespace,
                limit=_LOGS_PAGE,
            ):
                for metric_filter in _each("DescribeMetricFilters", page, "metricFilters", build):
                    if any(
                        (one.metric_namespace, one.metric_name) == (metric_namespace, metric_name)
                        for one in metric_filter.metric_transformations
                    ):
                        found.append(metric_filter)
            return tuple(found)

        key = ("filters on metric", place, metric_namespace, metric_name)
        return _present(self._reading(key, metric_name, read))

    def test_metric_filter(
        self, place: Place, filter_pattern: str, messages: Sequence[str]
    ) -> frozenset[int] | Unreadable:
        def read() -> frozenset[int]:
            # told apart by their text: whether eventNumber counts from 0 or from 1 is not documented
            answer = self._call(
                "logs",
                place,
                "test_metric_filter",
                "filter pattern",
                filterPattern=filter_pattern,
                logEventMessages=list(messages),
            )
            matched = _each("TestMetricFilter", answer, "matches", partial(_name, member="eventMessage"))
            if not set(matched) <= set(messages):
                raise EvaluationFailed("logs:TestMetricFilter: matches a message that was not asked about")
            return frozenset(number for number, message in enumerate(messages) if message in matched)

        return _present(self._reading(("test", place, filter_pattern, tuple(messages)), filter_pattern, read))

    # ------------------------------------------------------------------- CloudWatch

    def alarms_on_metric(self, place: Place, metric: Metric) -> tuple[MetricAlarm, ...] | Unreadable:
        def read() -> tuple[MetricAlarm, ...]:
            dimensions = [{"Name": name, "Value": value} for name, value in sorted(metric.dimensions)]
            answer = self._call(
                "cloudwatch",
                place,
                "describe_alarms_for_metric",
                str(metric),
                Namespace=metric.namespace,
                MetricName=metric.metric_name,
                **({"Dimensions": dimensions} if dimensions else {}),
            )
            alarms = _each("DescribeAlarmsForMetric", answer, "MetricAlarms", _metric_alarm)
            return tuple(alarm for alarm in alarms if alarm.metric == metric)

        return _present(self._reading(("alarms on", place, metric), str(metric), read))

    def alarms(self, place: Place) -> AlarmListing | Unreadable:
        def read() -> AlarmListing:
            try:
                return self._listed(place, tuple(AlarmType))
            except _NotOffered:  # a Region that does not know log alarms yet has none
                return self._listed(place, (AlarmType.METRIC, AlarmType.COMPOSITE))

        return _present(self._reading(("alarms", place), "alarms", read))

    def _listed(self, place: Place, alarm_types: tuple[AlarmType, ...]) -> AlarmListing:
        metric: list[MetricAlarm] = []
        composite: list[CompositeAlarm] = []
        log: list[LogAlarm] = []
        types = [str(each) for each in alarm_types]
        for page in self._pages(
            "cloudwatch", place, "describe_alarms", "alarms", AlarmTypes=types, MaxRecords=_ALARMS_PAGE
        ):
            if not any(member in page for member in ("MetricAlarms", "CompositeAlarms", "LogAlarms")):
                raise EvaluationFailed("DescribeAlarms: member 'MetricAlarms' is missing")
            page = {"MetricAlarms": [], "CompositeAlarms": [], "LogAlarms": [], **page}
            metric += _each("DescribeAlarms", page, "MetricAlarms", _metric_alarm)
            composite += _each("DescribeAlarms", page, "CompositeAlarms", _composite_alarm)
            log += _each("DescribeAlarms", page, "LogAlarms", LogAlarm.from_api)
        return AlarmListing(tuple(metric), tuple(composite), tuple(log))

    def alarm_mute_rules(self, place: Place, alarm_name: str) -> tuple[AlarmMuteRule, ...] | Unreadable:
        def read() -> tuple[AlarmMuteRule, ...]:
            found: list[AlarmMuteRule] = []
            try:
                for page in self._pages(
                    "cloudwatch",
                    place,
                    "list_alarm_mute_rules",
                    alarm_name,
                    AlarmName=alarm_name,
                    Statuses=["ACTIVE", "SCHEDULED"],
                ):
                    rules = _each("ListAlarmMuteRules", page, "AlarmMuteRuleSummaries", AlarmMuteRule.from_api)
                    summaries = page["AlarmMuteRuleSummaries"]
                    found += self.side_by_side(
                        *(
                            partial(self._detailed, place, rule, summary)
                            for rule, summary in zip(rules, summaries, strict=True)
                        )
                    )
            except _NotOffered:  # where mute rules are not offered, nothing is muted
                return ()
            return tuple(found)

        return _present(self._reading(("mutes", place, alarm_name), alarm_name, read))

    def _detailed(self, place: Place, rule: AlarmMuteRule, summary: dict[str, Any]) -> AlarmMuteRule:
        """With the schedule; a rule that is active needs none."""
        if rule.status == "ACTIVE":
            return rule
        try:
            answer = self._call("cloudwatch", place, "get_alarm_mute_rule", rule.name, AlarmMuteRuleName=rule.name)
        except _Absent:
            return rule
        _parsed("GetAlarmMuteRule", lambda: _structure(_structure(answer, "Rule"), "Schedule"))
        return _parsed("GetAlarmMuteRule", lambda: AlarmMuteRule.from_api(summary, answer))

    def alarm_actions_history(
        self, place: Place, alarm_name: str, alarm_type: AlarmType
    ) -> tuple[AlarmHistoryItem, ...] | Unreadable:
        def read() -> tuple[AlarmHistoryItem, ...]:
            answer = self._call(
                "cloudwatch",
                place,
                "describe_alarm_history",
                alarm_name,
                AlarmName=alarm_name,
                AlarmTypes=[str(alarm_type)],
                HistoryItemType="Action",
                ScanBy="TimestampDescending",
                MaxRecords=_HISTORY_PAGE,
            )
            answer = {"AlarmHistoryItems": [], **answer}  # evidence against only: its absence proves nothing
            items = _each("DescribeAlarmHistory", answer, "AlarmHistoryItems", lambda each: each)
            return tuple(
                _parsed("DescribeAlarmHistory", partial(AlarmHistoryItem.from_api, item))
                for item in items
                if item.get("AlarmName", alarm_name) == alarm_name and item.get("HistoryItemType", "Action") == "Action"
            )

        answer = self._reading(("history", place, alarm_name, alarm_type), alarm_name, read)
        return () if isinstance(answer, NotFound) else answer

    # ------------------------------------------------------------------- SNS and KMS

    def _where_it_lives(self, arn: str, read: Callable[[Place], T]) -> T:
        """With the role in the resource's own account where there is one, otherwise as its policy lets us."""
        parsed = Arn.parse(arn)
        ours = Place(self._account_id, parsed.region)
        if parsed.account_id == self._account_id or self._role_name is None:
            return read(ours)
        try:
            return read(Place(parsed.account_id, parsed.region))
        except _Denied as denied:
            try:
                return read(ours)
            except _Denied:
                raise denied from None

    def topic(self, topic_arn: str) -> Topic | NotFound | Unreadable:
        def read(place: Place) -> Topic:
            answer = self._call("sns", place, "get_topic_attributes", topic_arn, TopicArn=topic_arn)
            topic = _parsed("GetTopicAttributes", lambda: Topic.from_api(answer))
            _about("GetTopicAttributes", {"TopicArn": topic.topic_arn}, "TopicArn", topic_arn)
            return topic

        return self._reading(("topic", topic_arn), topic_arn, lambda: self._where_it_lives(topic_arn, read))

    def subscriptions(self, topic_arn: str) -> tuple[Subscription, ...] | NotFound | Unreadable:
        def read(place: Place) -> tuple[Subscription, ...]:
            found: list[Subscription] = []
            for page in self._pages("sns", place, "list_subscriptions_by_topic", topic_arn, TopicArn=topic_arn):
                found += _each("ListSubscriptionsByTopic", page, "Subscriptions", Subscription.from_api)
            return tuple(subscription for subscription in found if subscription.topic_arn == topic_arn)

        return self._reading(("subscriptions", topic_arn), topic_arn, lambda: self._where_it_lives(topic_arn, read))

    def subscription_attributes(self, subscription_arn: str) -> SubscriptionAttributes | NotFound | Unreadable:
        def read(place: Place) -> SubscriptionAttributes:
            answer = self._call(
                "sns", place, "get_subscription_attributes", subscription_arn, SubscriptionArn=subscription_arn
            )
            attributes = _parsed("GetSubscriptionAttributes", lambda: SubscriptionAttributes.from_api(answer))
            _parsed("GetSubscriptionAttributes", lambda: _name(answer["Attributes"], "PendingConfirmation"))
            told = {"SubscriptionArn": attributes.subscription_arn}
            _about("GetSubscriptionAttributes", told, "SubscriptionArn", subscription_arn)
            return attributes

        key = ("subscription", subscription_arn)
        return self._reading(key, subscription_arn, lambda: self._where_it_lives(subscription_arn, read))

    def key(self, topic_arn: str, key_id: str) -> Key | NotFound | Unreadable:
        def read(place: Place) -> Key:
            answer = self._call("kms", place, "describe_key", key_id, KeyId=key_id)
            key = _parsed("DescribeKey", lambda: Key.from_api(answer))
            if key.key_manager != "CUSTOMER":
                return key
            arn = _parsed("DescribeKey", lambda: Arn.parse(key.arn))
            if self._role_name is not None:  # its policy is only shown to its own account
                place = Place(arn.account_id, arn.region)
            policy = self._call("kms", place, "get_key_policy", key_id, KeyId=key.arn, PolicyName="default")
            return replace(key, policy=_parsed("GetKeyPolicy", lambda: _name(policy, "Policy")))

        return self._reading(("key", topic_arn, key_id), key_id, lambda: self._where_it_lives(topic_arn, read))


def _operation(service: str, method: str) -> str:
    return f"{service}:{''.join(word.capitalize() for word in method.split('_'))}"


def _each(operation: str, answer: dict[str, Any], member: str, build: Callable[[dict[str, Any]], T]) -> list[T]:
    """The elements of a list that AWS always sends; its absence is no evidence of emptiness."""
    values = answer.get(member)
    if not isinstance(values, list):
        raise EvaluationFailed(f"{operation}: member {member!r} is missing")
    return [_parsed(operation, partial(build, value)) for value in values]


def _name(answer: dict[str, Any], member: str) -> str:
    value = answer.get(member)
    if not isinstance(value, str) or not value:
        raise MalformedAnswer(member, "is missing")
    return value


def _structure(answer: dict[str, Any], member: str) -> dict[str, Any]:
    value = answer.get(member)
    if not isinstance(value, dict):
        raise MalformedAnswer(member, "is missing")
    return value


def _metric_alarm(answer: dict[str, Any]) -> MetricAlarm:
    """An alarm that does not say its state might be held in it."""
    _name(answer, "StateValue")
    return MetricAlarm.from_api(answer)


def _composite_alarm(answer: dict[str, Any]) -> CompositeAlarm:
    _name(answer, "StateValue")
    return CompositeAlarm.from_api(answer)


def _about(operation: str, answer: dict[str, Any], member: str, asked: str) -> None:
    """Raises `EvaluationFailed` when the answer is about something else."""
    told = _parsed(operation, partial(_name, answer, member))
    if told != asked:
        raise EvaluationFailed(f"{operation}: asked about {asked}, AWS answers about {told}")


def _parsed(operation: str, build: Callable[[], T]) -> T:
    try:
        return build()
    except MalformedAnswer as error:
        raise EvaluationFailed(str(MalformedAnswer(error.member, error.problem, operation))) from None
    except (MalformedArn, AttributeError) as error:
        raise EvaluationFailed(f"{operation}: {error}") from None


def _present(answer: T | NotFound | Unreadable) -> T | Unreadable:
    """For a listing, which always exists."""
    if isinstance(answer, NotFound):
        raise EvaluationFailed(f"AWS says that the listing of {answer.subject} does not exist")
    return answer

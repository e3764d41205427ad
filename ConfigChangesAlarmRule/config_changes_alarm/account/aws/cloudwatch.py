"""How CloudWatch is asked about alarms, their mute rules and the history of their actions."""

from __future__ import annotations

from functools import partial
from typing import Any

from ...resources import (
    ActionListing,
    AlarmHistoryItem,
    AlarmListing,
    AlarmMuteRule,
    AlarmType,
    CompositeAlarm,
    ListedAction,
    LogAlarm,
    MetricAlarm,
    Place,
)
from ..outcomes import EvaluationFailed
from ..questions import ActionHistoryIn, ActionHistoryOf, AlarmsIn, AlarmsOn, AnyMuteRuleIn, MuteRulesOf
from ..threads import side_by_side
from .calling import Calling
from .clients import THREADS
from .errors import Absent, NotOffered
from .parsing import each, name, parsed, structure

_ALARMS_PAGE, _HISTORY_PAGE = 100, 100
"""The most that one answer may hold."""

_HISTORY_PAGES = 3
"""As much of a Region's history is listed. Busy alarms fill hundreds of pages, most of them about something else."""

_MUTING = ["ACTIVE", "SCHEDULED"]
"""The statuses of mute rules that mute or will."""


def alarms_on(aws: Calling, question: AlarmsOn) -> tuple[MetricAlarm, ...]:
    """DescribeAlarmsForMetric."""
    metric = question.metric
    dimensions = [{"Name": name, "Value": value} for name, value in sorted(metric.dimensions)]
    answer = aws.call(
        "cloudwatch",
        question.place,
        "describe_alarms_for_metric",
        str(metric),
        Namespace=metric.namespace,
        MetricName=metric.metric_name,
        **({"Dimensions": dimensions} if dimensions else {}),
    )
    alarms = each("DescribeAlarmsForMetric", answer, "MetricAlarms", _metric_alarm)
    return tuple(alarm for alarm in alarms if alarm.metric == metric)


def alarms_in(aws: Calling, question: AlarmsIn) -> AlarmListing:
    """DescribeAlarms."""
    try:
        return _listed(aws, question.place, tuple(AlarmType))
    except NotOffered:  # a Region that does not know log alarms yet has none
        return _listed(aws, question.place, (AlarmType.METRIC, AlarmType.COMPOSITE))


def _listed(aws: Calling, place: Place, alarm_types: tuple[AlarmType, ...]) -> AlarmListing:
    metric: list[MetricAlarm] = []
    composite: list[CompositeAlarm] = []
    log: list[LogAlarm] = []
    types = [str(alarm_type) for alarm_type in alarm_types]
    for page in aws.pages("cloudwatch", place, "describe_alarms", "alarms", AlarmTypes=types, MaxRecords=_ALARMS_PAGE):
        if not any(member in page for member in ("MetricAlarms", "CompositeAlarms", "LogAlarms")):
            raise EvaluationFailed("DescribeAlarms: member 'MetricAlarms' is missing")
        page = {"MetricAlarms": [], "CompositeAlarms": [], "LogAlarms": [], **page}
        metric += each("DescribeAlarms", page, "MetricAlarms", _metric_alarm)
        composite += each("DescribeAlarms", page, "CompositeAlarms", _composite_alarm)
        log += each("DescribeAlarms", page, "LogAlarms", LogAlarm.from_api)
    return AlarmListing(tuple(metric), tuple(composite), tuple(log))


def _metric_alarm(answer: dict[str, Any]) -> MetricAlarm:
    """An alarm that does not say its state might be held in it."""
    name(answer, "StateValue")
    return MetricAlarm.from_api(answer)


def _composite_alarm(answer: dict[str, Any]) -> CompositeAlarm:
    name(answer, "StateValue")
    return CompositeAlarm.from_api(answer)


def mute_rules(aws: Calling, question: MuteRulesOf) -> tuple[AlarmMuteRule, ...]:
    """ListAlarmMuteRules, and GetAlarmMuteRule of those that lie ahead."""
    place, alarm_name = question.place, question.alarm_name
    found: list[AlarmMuteRule] = []
    try:
        for page in aws.pages(
            "cloudwatch",
            place,
            "list_alarm_mute_rules",
            alarm_name,
            AlarmName=alarm_name,
            Statuses=_MUTING,
        ):
            rules = each("ListAlarmMuteRules", page, "AlarmMuteRuleSummaries", AlarmMuteRule.from_api)
            summaries = page["AlarmMuteRuleSummaries"]
            reads = (
                partial(_detailed, aws, place, rule, summary) for rule, summary in zip(rules, summaries, strict=True)
            )
            found += side_by_side(tuple(reads), THREADS)
    except NotOffered:  # where mute rules are not offered, nothing is muted
        return ()
    return tuple(found)


def any_mute_rule(aws: Calling, question: AnyMuteRuleIn) -> bool:
    """ListAlarmMuteRules, to the first rule."""
    pages = aws.pages("cloudwatch", question.place, "list_alarm_mute_rules", question.subject, Statuses=_MUTING)
    try:
        return any(each("ListAlarmMuteRules", page, "AlarmMuteRuleSummaries", AlarmMuteRule.from_api) for page in pages)
    except NotOffered:
        return False


def _detailed(aws: Calling, place: Place, rule: AlarmMuteRule, summary: dict[str, Any]) -> AlarmMuteRule:
    """With the schedule; a rule that is active needs none."""
    if rule.status == "ACTIVE":
        return rule
    try:
        answer = aws.call("cloudwatch", place, "get_alarm_mute_rule", rule.name, AlarmMuteRuleName=rule.name)
    except Absent:
        return rule
    parsed("GetAlarmMuteRule", lambda: structure(structure(answer, "Rule"), "Schedule"))
    return parsed("GetAlarmMuteRule", lambda: AlarmMuteRule.from_api(summary, answer))


def action_history(aws: Calling, question: ActionHistoryOf) -> tuple[AlarmHistoryItem, ...]:
    """DescribeAlarmHistory. Evidence against only: its absence proves nothing."""
    alarm_name = question.alarm_name
    try:
        answer = aws.call(
            "cloudwatch",
            question.place,
            "describe_alarm_history",
            alarm_name,
            AlarmName=alarm_name,
            AlarmTypes=[str(question.alarm_type)],
            HistoryItemType="Action",
            ScanBy="TimestampDescending",
            MaxRecords=_HISTORY_PAGE,
        )
    except Absent:
        return ()
    items = each("DescribeAlarmHistory", {"AlarmHistoryItems": [], **answer}, "AlarmHistoryItems", lambda item: item)
    return tuple(
        parsed("DescribeAlarmHistory", partial(AlarmHistoryItem.from_api, item))
        for item in items
        if item.get("AlarmName", alarm_name) == alarm_name and item.get("HistoryItemType", "Action") == "Action"
    )


def action_history_in(aws: Calling, question: ActionHistoryIn) -> ActionListing:
    """DescribeAlarmHistory of all alarms, a few pages of it."""
    pages = aws.pages(
        "cloudwatch",
        question.place,
        "describe_alarm_history",
        question.subject,
        AlarmTypes=[str(AlarmType.METRIC), str(AlarmType.COMPOSITE)],
        HistoryItemType="Action",
        ScanBy="TimestampDescending",
        MaxRecords=_HISTORY_PAGE,
    )
    actions: list[ListedAction] = []
    for number, page in enumerate(pages, 1):
        items = each("DescribeAlarmHistory", {"AlarmHistoryItems": [], **page}, "AlarmHistoryItems", lambda item: item)
        actions += (
            parsed("DescribeAlarmHistory", partial(ListedAction.from_api, item))
            for item in items
            if item.get("HistoryItemType", "Action") == "Action"
        )
        if page.get("NextToken") and number == _HISTORY_PAGES:
            return ActionListing(tuple(actions), whole=False)
    return ActionListing(tuple(actions), whole=True)

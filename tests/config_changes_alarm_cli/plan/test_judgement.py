"""What a plan would leave: whole chains, each link that breaks, and what cannot be told before apply."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest
from config_changes_alarm.assessment import Compliance
from config_changes_alarm.findings import FindingId, finding

from config_changes_alarm_cli.plan import Granted, PlannedAssessment

from .plans import Edit, a_plan, an_unknown_bucket, judged, known_after_apply, planned, there_already, without

F = FindingId
TRAIL, GROUP, TOPIC = "aws_cloudtrail.all", "aws_cloudwatch_log_group.trail", "aws_sns_topic.security"
FILTER = 'aws_cloudwatch_log_metric_filter.control["config"]'
ALARM = 'aws_cloudwatch_metric_alarm.control["config"]'
SUBSCRIPTION, KEY = "aws_sns_topic_subscription.security", "aws_kms_key.topic"
TOPIC_POLICY, DOCUMENT = "aws_sns_topic_policy.security", "data.aws_iam_policy_document.topic"
BUCKET = "aws_s3_bucket.somewhere.id"
ELSEWHERE = "arn:aws:sns:eu-west-1:123456789012:elsewhere"

_METRIC = {
    "name": "config",
    "namespace": "CIS",
    "value": "1",
    "default_value": None,
    "dimensions": None,
    "unit": "None",
}
_FOR_ANYBODY = {
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
    "Action": "*",
    "Resource": "*",
}


def _verdict(made: PlannedAssessment) -> tuple[Compliance, bool]:
    return made.assessment.compliance, made.assessment.disproved


COMPLIANT, DISPROVED = (Compliance.COMPLIANT, False), (Compliance.NON_COMPLIANT, True)
NOT_VERIFIED = (Compliance.NON_COMPLIANT, False)


def _summaries(made: PlannedAssessment) -> Sequence[str]:
    return [finding(reason).summary for reason in made.assessment.reasons]


KINDS = (
    ("complete", COMPLIANT, None),
    ("controls_module", COMPLIANT, None),
    ("locals", COMPLIANT, None),
    ("endpoints", COMPLIANT, None),
    ("math_and_composite", COMPLIANT, None),
    ("generic_modules", COMPLIANT, None),
    ("baseline_modules", DISPROVED, "Topic CISAlarm has no subscription"),
    (
        "two_regions", DISPROVED,
        "Topic security lies in another Region than its alarm: arn:aws:sns:us-east-1:123456789012:security, "
        "alarm config lies in eu-west-1",
    ),
    (
        "two_topics", NOT_VERIFIED,
        "Cannot verify: alarm_actions of aws_cloudwatch_metric_alarm.config is known only after apply: it may come "
        "from aws_sns_topic.day or aws_sns_topic.night",
    ),
    (
        "policy_as_json", NOT_VERIFIED,
        "Cannot verify: policy of aws_sns_topic_policy.security is known only after apply: the plan shows only that it "
        "names aws_sns_topic.security.arn",
    ),
    (
        "alarms_only", NOT_VERIFIED,
        "Cannot verify: topic arn:aws:sns:eu-west-1:123456789012:security is not in the plan",
    ),
)  # fmt: skip


@pytest.mark.parametrize(("name", "verdict", "first"), KINDS, ids=[each[0] for each in KINDS])
def test_a_kind_of_configuration_is_judged(name: str, verdict: tuple[Compliance, bool], first: str | None) -> None:
    made = judged(a_plan(name))
    assert (_verdict(made), next(iter(_summaries(made)), None)) == (verdict, first)


# --------------------------------------------------------------------------- every link

BROKEN: tuple[tuple[FindingId, Edit], ...] = (
    (F.TRAIL_NOT_LOGGING, planned(TRAIL, enable_logging=False)),
    (F.TRAIL_SINGLE_REGION, planned(TRAIL, is_multi_region_trail=False)),
    (F.TRAIL_NO_LOG_GROUP, planned(TRAIL, cloud_watch_logs_group_arn=None)),
    (F.TRAIL_NO_LOG_GROUP, planned(TRAIL, cloud_watch_logs_group_arn="arn:aws:s3:::a-bucket")),
    (F.TRAIL_SELECTORS_MISS_EVENT, planned(TRAIL, event_selector=[{"read_write_type": "ReadOnly"}])),
    (
        F.TRAIL_SELECTORS_MISS_EVENT,
        planned(
            TRAIL,
            advanced_event_selector=[
                {"name": "", "field_selector": [{"field": "eventCategory", "equals": ["Data"]}]},
            ],
        ),
    ),
    (F.LOG_GROUP_CLASS, planned(GROUP, log_group_class="INFREQUENT_ACCESS")),
    (F.NO_METRIC_FILTER, without(FILTER)),
    (F.NO_METRIC_FILTER, planned(FILTER, pattern="{ $.eventName = RunInstances }")),
    (
        F.PATTERN_MISSES_EVENT,
        planned(FILTER, pattern="{ $.eventName = PutDeliveryChannel && $.userIdentity.type = Root }"),
    ),
    (F.METRIC_DEFAULT_VALUE, planned(FILTER, metric_transformation=[{**_METRIC, "default_value": "1"}])),
    (F.METRIC_VALUE, planned(FILTER, metric_transformation=[{**_METRIC, "value": "0"}])),
    (F.METRIC_DIMENSIONS, planned(FILTER, metric_transformation=[{**_METRIC, "dimensions": {"a": "$.a"}}])),
    (F.NO_ALARM, without(ALARM)),
    (F.NO_ALARM, planned(ALARM, metric_name="something-else")),
    (F.ALARM_ACTIONS_DISABLED, planned(ALARM, actions_enabled=False)),
    (F.ALARM_NO_TOPIC, planned(ALARM, alarm_actions=[])),
    (F.ALARM_NEVER_FIRES, planned(ALARM, threshold=5)),
    (F.ALARM_ALWAYS_ON, planned(ALARM, treat_missing_data="breaching")),
    (F.TOPIC_POLICY_DENIES_ALARM, planned(TOPIC_POLICY, policy=json.dumps({"Statement": [_FOR_ANYBODY]}))),
    (F.TOPIC_KEY_DENIES_ALARM, planned(TOPIC, kms_master_key_id="alias/aws/sns")),
    (F.TOPIC_KEY_DENIES_ALARM, planned(KEY, is_enabled=False)),
    (F.TOPIC_KEY_POLICY_DENIES_ALARM, planned(KEY, policy=json.dumps({"Statement": [_FOR_ANYBODY]}))),
    (F.NO_SUBSCRIPTION, without(SUBSCRIPTION)),
    (F.SUBSCRIPTION_FILTERED, planned(SUBSCRIPTION, filter_policy='{"kind":["x"]}')),
    (F.SUBSCRIPTION_PENDING, there_already(SUBSCRIPTION, pending_confirmation=True, topic_arn=ELSEWHERE)),
)


@pytest.mark.parametrize(("id", "edit"), BROKEN, ids=[f"{each[0]}-{number}" for number, each in enumerate(BROKEN)])
def test_a_link_that_the_plan_breaks_is_disproved(id: FindingId, edit: Edit) -> None:  # noqa: A002
    edits = [edit]
    if id is F.SUBSCRIPTION_PENDING:
        edits += [there_already(TOPIC, arn=ELSEWHERE), planned(ALARM, alarm_actions=[ELSEWHERE])]
        edits += [planned(TOPIC_POLICY, arn=ELSEWHERE, policy=_PUBLIC)]
    made = judged(a_plan("complete", *edits))
    assert _verdict(made) == DISPROVED
    assert made.assessment.reasons[0].id is id


_PUBLIC = json.dumps(
    {
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "cloudwatch.amazonaws.com"},
                "Action": "sns:Publish",
                "Resource": ELSEWHERE,
            }
        ]
    }
)

UNKNOWN: tuple[tuple[str, Edit], ...] = (
    (f"enable_logging of {TRAIL}", known_after_apply(TRAIL, "enable_logging", BUCKET)),
    (f"cloud_watch_logs_group_arn of {TRAIL}", known_after_apply(TRAIL, "cloud_watch_logs_group_arn", BUCKET)),
    (f"event_selector of {TRAIL}", known_after_apply(TRAIL, "event_selector", BUCKET)),
    (f"pattern of {FILTER}", known_after_apply(FILTER, "pattern", BUCKET)),
    (f"log_group_name of {FILTER}", known_after_apply(FILTER, "log_group_name", BUCKET)),
    (f"threshold of {ALARM}", known_after_apply(ALARM, "threshold", BUCKET)),
    (f"metric_name of {ALARM}", known_after_apply(ALARM, "metric_name", BUCKET)),
    (f"dimensions of {ALARM}", known_after_apply(ALARM, "dimensions", BUCKET)),
    (f"alarm_actions of {ALARM}", known_after_apply(ALARM, "alarm_actions", BUCKET)),
    (f"kms_master_key_id of {TOPIC}", known_after_apply(TOPIC, "kms_master_key_id", BUCKET)),
    (f"arn of {TOPIC_POLICY}", known_after_apply(TOPIC_POLICY, "arn", BUCKET)),
    (f"policy of {TOPIC_POLICY}", known_after_apply(TOPIC_POLICY, "policy", BUCKET)),
    (f"topic_arn of {SUBSCRIPTION}", known_after_apply(SUBSCRIPTION, "topic_arn", BUCKET)),
    (f"filter_policy of {SUBSCRIPTION}", known_after_apply(SUBSCRIPTION, "filter_policy", BUCKET)),
)


@pytest.mark.parametrize(("told", "edit"), UNKNOWN, ids=[each[0] for each in UNKNOWN])
def test_what_is_known_only_after_apply_proves_and_disproves_nothing(told: str, edit: Edit) -> None:
    made = judged(a_plan("complete", an_unknown_bucket, edit))
    assert _verdict(made) == NOT_VERIFIED
    assert any(each.startswith(f"Cannot verify: {told} is known only after apply") for each in _summaries(made))


@pytest.mark.parametrize("type_", ["terraform_data", "awscc_sns_topic", "external", "aws_cloudformation_stack"])
def test_a_resource_that_may_make_anything_leaves_open_what_it_is(type_: str) -> None:
    def beside(document: dict[str, object]) -> None:
        an_unknown_bucket(document, type_)
        known_after_apply(ALARM, "alarm_actions", f"{TOPIC}.arn", TOPIC, f"{type_}.somewhere.id")(document)

    made = judged(a_plan("complete", beside))
    assert _verdict(made) == NOT_VERIFIED
    assert f"{type_}.somewhere" in _summaries(made)[0]


def test_a_statement_that_is_not_wholly_known_is_no_proof() -> None:
    made = judged(a_plan("complete", an_unknown_bucket, _condition_on(BUCKET)))
    assert _verdict(made) == NOT_VERIFIED
    assert made.assessment.reasons[0].id is F.TOPIC_POLICY_UNVERIFIED


def _condition_on(reference: str) -> Edit:
    def edit(document: dict[str, object]) -> None:
        blocks = document["configuration"]["root_module"]["resources"]  # type: ignore[index]
        block = next(each for each in blocks if each["address"] == DOCUMENT)
        for condition in block["expressions"]["statement"][0]["condition"]:
            if condition["variable"]["constant_value"] == "aws:SourceArn":
                condition["values"] = {"references": [reference]}

    return edit


_SUBSCRIBERS = tuple(
    f'module.topic["{each}"].aws_sns_topic_subscription.this["security@example.com"]' for each in ("day", "night")
)


def test_an_alarm_on_something_else_that_is_not_wholly_known_leaves_nothing_open() -> None:
    made = judged(a_plan("generic_modules", without(*_SUBSCRIBERS)))
    assert (_verdict(made), made.assessment.reasons[0].id) == (DISPROVED, F.NO_SUBSCRIPTION)


@pytest.mark.parametrize("told", ["day", "night"])
def test_each_instance_of_a_module_is_given_what_has_its_own_key(told: str) -> None:
    made = judged(a_plan("generic_modules", without(next(each for each in _SUBSCRIBERS if told not in each))))
    assert _verdict(made) == COMPLIANT
    (chain,) = (each for each in made.assessment.chains if each.whole)
    assert f'module.topic["{told}"].aws_sns_topic.this[0]' in [made.addresses.get(step) for step in chain.steps]


# --------------------------------------------------------------------------- beside the plan

GROUP_ELSEWHERE, TOPIC_ELSEWHERE = "aws-controltower/CloudTrailLogs", "arn:aws:sns:eu-west-1:123456789012:security"


def test_a_trail_and_a_topic_beside_the_plan_count_where_somebody_says_that_they_are_there() -> None:
    granted = Granted(frozenset({GROUP_ELSEWHERE}), frozenset({TOPIC_ELSEWHERE}))
    made = judged(a_plan("alarms_only"), granted=granted)
    assert _verdict(made) == COMPLIANT
    assert f"a working multi-Region trail beside the plan fills log group {GROUP_ELSEWHERE}" in _general(made)


def test_without_a_trail_the_rest_is_judged_and_the_trail_is_what_is_missing() -> None:
    made = judged(a_plan("alarms_only"), granted=Granted(topics=frozenset({TOPIC_ELSEWHERE})))
    assert _verdict(made) == NOT_VERIFIED
    assert _summaries(made)[0] == (
        f"Cannot verify: no trail that fills log group {GROUP_ELSEWHERE} is in the plan: give --assume-trail "
        f"{GROUP_ELSEWHERE} if there is one"
    )


def test_no_event_reaches_anybody_from_a_trail_that_nobody_says_there_is() -> None:
    some = planned("aws_cloudwatch_log_metric_filter.config", pattern="{ $.eventName = PutDeliveryChannel }")
    made = judged(a_plan("alarms_only", some), granted=Granted(topics=frozenset({TOPIC_ELSEWHERE})))
    assert _verdict(made) == DISPROVED
    assert {event.name: (event.covered, event.verified) for event in made.assessment.events} == {
        "StopConfigurationRecorder": (False, True),
        "DeleteDeliveryChannel": (False, True),
        "PutDeliveryChannel": (False, False),
        "PutConfigurationRecorder": (False, True),
    }


def test_what_is_broken_beyond_a_trail_beside_the_plan_is_disproved_all_the_same() -> None:
    alarm = "aws_cloudwatch_metric_alarm.config"
    made = judged(a_plan("alarms_only", planned(alarm, actions_enabled=False)))
    assert (_verdict(made), made.assessment.reasons[0].id) == (DISPROVED, F.ALARM_ACTIONS_DISABLED)


def test_a_log_group_that_the_plan_makes_is_filled_by_the_plan_s_own_trails() -> None:
    made = judged(a_plan("complete", planned(TRAIL, cloud_watch_logs_group_arn=None)))
    assert (_verdict(made), made.assessment.reasons[0].id) == (DISPROVED, F.TRAIL_NO_LOG_GROUP)


def test_a_topic_that_is_there_already_may_have_subscribers_beside_the_plan() -> None:
    made = judged(a_plan("complete_applied", without(SUBSCRIPTION)))
    assert _verdict(made) == NOT_VERIFIED
    assert "somebody may have subscribed" in _summaries(made)[0]


def test_a_plan_with_nothing_of_the_chain_says_nothing_about_it() -> None:
    document = a_plan("alarms_only", without("aws_cloudwatch_log_metric_filter.config"))
    made = judged(document)
    assert _verdict(made) == NOT_VERIFIED
    assert _summaries(made) == ["Cannot verify: the plan has no trail, and no metric filter on a log group of one"]


# --------------------------------------------------------------------------- what is assumed


def _general(made: PlannedAssessment) -> Sequence[str]:
    return [each.text for each in made.assumed if not each.address]


def test_what_a_plan_cannot_know_is_listed_in_the_order_of_the_chain() -> None:
    made = judged(a_plan())
    assert [f"{each.address}: {each.text}" for each in made.assumed] == [
        f"{TRAIL}: takes its cloud_watch_logs_group_arn from {GROUP}",
        f"{TRAIL}: it is allowed to deliver to its log group and its bucket, and does",
        f"{GROUP}: its name is made at apply, cloudtrail-5113ed97 stands for it",
        f"{FILTER}: takes its log_group_name from {GROUP}",
        f"{ALARM}: no mute rule silences it, and it is not in ALARM already",
        f"{ALARM}: takes its alarm_actions from {TOPIC}",
        f"{SUBSCRIPTION}: takes its topic_arn from {TOPIC}",
        f"{SUBSCRIPTION}: somebody confirms it, or SNS does",
        f"{TOPIC_POLICY}: takes its arn from {TOPIC}",
        f"{TOPIC_POLICY}: takes its policy from {DOCUMENT}",
        f"{DOCUMENT}: takes its resources from {TOPIC}",
        f"{DOCUMENT}: takes its values from {ALARM}",
        ": nothing beside the plan stands in its way: no other filter publishes to the metric, no policy of the "
        "organization denies it",
    ]


def test_the_steps_of_the_chain_are_known_by_their_addresses() -> None:
    made = judged(a_plan())
    (chain,) = made.assessment.chains
    assert [made.addresses.get(step) for step in chain.steps] == [TRAIL, GROUP, FILTER, ALARM, TOPIC, SUBSCRIPTION]


def test_a_plan_for_a_part_of_the_configuration_says_so() -> None:
    document = a_plan()
    document["complete"] = False
    assert any("what the plan leaves out" in each for each in _general(judged(document)))


def test_every_control_is_judged_from_one_plan() -> None:
    assert _verdict(judged(a_plan("controls_module"), "root-usage")) == COMPLIANT
    assert _verdict(judged(a_plan("controls_module"), "cloudtrail-changes")) == DISPROVED

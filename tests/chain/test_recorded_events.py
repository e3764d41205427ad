"""Which required events a trail records, what that makes of the account, and what is said of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from config_changes_alarm.assessment import Assessment, Compliance
from config_changes_alarm.findings import FindingId
from config_changes_alarm.report import annotation
from config_changes_alarm.resources import (
    AdvancedEventSelector,
    AdvancedFieldSelector,
    EventSelector,
    EventSelectors,
    LogGroup,
    TrailStatus,
)

from ..fake_account import (
    LOG_GROUP,
    ConfiguredTrail,
    FakeAccount,
    a_filter,
    a_monitored_account,
    a_trail,
    logging,
)
from .accounts import MANAGEMENT, NAMES, ORGANIZATION, assessed, joined

F = FindingId

ALL = EventSelectors((EventSelector(),))
WRITES = EventSelectors((EventSelector(read_write_type="WriteOnly"),))
READS = EventSelectors((EventSelector(read_write_type="ReadOnly"),))
WITHOUT_KMS = EventSelectors((EventSelector(exclude_management_event_sources=("kms.amazonaws.com",)),))
NEITHER = EventSelectors(
    (EventSelector(exclude_management_event_sources=("kms.amazonaws.com", "rdsdata.amazonaws.com")),)
)
ADVANCED_WITHOUT_KMS = EventSelectors(
    (), (AdvancedEventSelector((MANAGEMENT, AdvancedFieldSelector("eventSource", not_equals=("kms.amazonaws.com",)))),)
)
DATA = EventSelectors((), (AdvancedEventSelector((AdvancedFieldSelector("eventCategory", equals=("Data",)),)),))

OF_THE_TRAIL = (
    *(F.TRAIL_SELECTORS_MISS_EVENT, F.TRAIL_SELECTORS_UNVERIFIED),
    *(F.TRAIL_SELECTORS_MISS_DATA_EVENT, F.TRAIL_SELECTORS_DATA_UNVERIFIED),
)


def watched(pattern: str, selectors: EventSelectors, *filters: str) -> Assessment:
    """An account that is required to cover the pattern, by a filter with just that pattern unless others are given."""
    made = tuple(a_filter(each, f"filter-{number}") for number, each in enumerate(filters or (pattern,), 1))
    account = a_monitored_account(configured_trails=(ConfiguredTrail(a_trail(), logging(), selectors),), filters=made)
    return assessed(account, RequiredFilterPattern=pattern)


def first(found: Assessment) -> tuple[FindingId, str]:
    return found.reasons[0].id, found.reasons[0].detail


# --------------------------------------------------------------------------- the controls of the benchmark

OF_WRITES = (
    "{ $.eventName = CreateTrail || $.eventName = StartLogging || $.eventName = StopLogging }",
    '{ $.eventName = "ConsoleLogin" && $.additionalEventData.MFAUsed != "Yes" }',
    "{ $.eventName = CreatePolicy || $.eventName = DeletePolicy || $.eventName = DetachRolePolicy }",
    "{ $.eventSource = s3.amazonaws.com && ($.eventName = PutBucketAcl || $.eventName = DeleteBucketLifecycle) }",
    "{ $.eventName = ReplaceRoute || $.eventName = DisassociateRouteTable || $.eventName = CreateRoute }",
    "{ $.eventName = AcceptVpcPeeringConnection || $.eventName = RejectVpcPeeringConnection }",
    "{ $.eventName = AttachClassicLinkVpc || $.eventName = EnableVpcClassicLink }",
    '{ $.eventSource = organizations.amazonaws.com && ($.eventName = "AcceptHandshake" || $.eventName = "MoveAccount" '
    '|| $.eventName = "LeaveOrganization" || $.eventName = "InviteAccountToOrganization") }',
)


@pytest.mark.parametrize("pattern", OF_WRITES)
def test_a_trail_of_writes_without_kms_is_enough_for_the_controls_of_writes(pattern: str) -> None:
    both = EventSelectors((replace(WITHOUT_KMS.event_selectors[0], read_write_type="WriteOnly"),))
    assert watched(pattern, both).compliance is Compliance.COMPLIANT


@pytest.mark.parametrize(
    "pattern",
    [
        '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }',
        '{ $.errorCode = "*UnauthorizedOperation" || $.errorCode = "AccessDenied*" }',
    ],
)
def test_controls_of_any_event_are_about_management_events_and_need_all_of_them(pattern: str) -> None:
    assert not [each for each in watched(pattern, ALL).reasons if each.id in OF_THE_TRAIL]
    for selectors in (WRITES, WITHOUT_KMS):
        assert first(watched(pattern, selectors))[0] is F.TRAIL_SELECTORS_UNVERIFIED


# --------------------------------------------------------------------------- data events

OBJECTS = "{ $.eventSource = s3.amazonaws.com && $.eventName = DeleteObject }"


@pytest.mark.parametrize(
    "pattern",
    [
        OBJECTS,
        "{ $.eventCategory = Data }",
        "{ $.eventSource = lambda.amazonaws.com && $.eventName = Invoke }",
        "{ $.eventSource = dynamodb.amazonaws.com && $.eventName = DeleteItem }",
        "{ $.eventName = DeleteObject }",
    ],
)
def test_a_trail_of_management_events_is_not_known_to_record_data_events(pattern: str) -> None:
    for selectors in (
        ALL,
        EventSelectors(),
        EventSelectors((), (AdvancedEventSelector((MANAGEMENT,)),)),
    ):
        found = watched(pattern, selectors)
        assert found.compliance is Compliance.NON_COMPLIANT
        assert first(found)[0] in OF_THE_TRAIL


def test_data_events_beside_the_control_s_own_are_what_is_missing() -> None:
    both = f"{{ {joined(*NAMES)[2:-2]} || ($.eventSource = s3.amazonaws.com && $.eventName = DeleteObject) }}"
    found = watched(both, ALL)
    assert {event.name for event in found.events if not event.covered} == {"DeleteObject"}
    assert first(found) == (
        F.TRAIL_SELECTORS_MISS_DATA_EVENT,
        "its event selectors leave out DeleteObject, which is no management event",
    )


def test_selectors_of_data_events_are_not_evaluated() -> None:
    assert first(watched(OBJECTS, DATA)) == (
        F.TRAIL_SELECTORS_DATA_UNVERIFIED,
        "it is not evaluated which other than management events it records, such as DeleteObject",
    )
    assert first(watched(joined(*NAMES), DATA))[0] is F.TRAIL_SELECTORS_MISS_EVENT


# --------------------------------------------------------------------------- services that are left out


@pytest.mark.parametrize("selectors", [WITHOUT_KMS, NEITHER, ADVANCED_WITHOUT_KMS], ids=["kms", "both", "advanced"])
def test_what_is_no_call_of_a_service_that_is_left_out_is_recorded(selectors: EventSelectors) -> None:
    assert watched("{ $.eventName = AuthorizeSecurityGroupIngress }", selectors).compliance is Compliance.COMPLIANT
    assert watched("{ $.eventName = ConsoleLogin }", selectors).compliance is Compliance.COMPLIANT
    not_known = watched("{ $.eventName = TagResource }", selectors)
    assert first(not_known)[0] is F.TRAIL_SELECTORS_UNVERIFIED
    left_out = watched("{ $.eventSource = kms.amazonaws.com && $.eventName = DisableKey }", selectors)
    assert first(left_out) == (F.TRAIL_SELECTORS_MISS_EVENT, "its event selectors leave out DisableKey")


# --------------------------------------------------------------------------- the trail is to blame


def test_a_trail_of_writes_is_blamed_and_not_the_exact_filter() -> None:
    pattern = "{ $.eventName = StopLogging || $.eventName = LookupEvents }"
    for filters in ((pattern,), ("{ $.eventName = StopLogging }", "{ $.eventName = LookupEvents }")):
        found = watched(pattern, WRITES, *filters)
        assert {event.name for event in found.events if not event.covered} == {"LookupEvents"}
        assert first(found) == (
            F.TRAIL_SELECTORS_UNVERIFIED,
            "it records write events only, and is not known to be one: LookupEvents",
        )
        assert "everything" in annotation(found)


def test_a_trail_of_reads_is_blamed_for_writes() -> None:
    found = watched("{ $.eventName = StopLogging || $.eventName = StartLogging }", READS)
    assert first(found) == (F.TRAIL_SELECTORS_MISS_EVENT, "its event selectors leave out StopLogging and 1 more")


def test_where_another_trail_records_the_event_the_one_in_front_of_the_filter_is_blamed() -> None:
    other = replace(LOG_GROUP, name="other")
    account = a_monitored_account(
        configured_trails=(
            ConfiguredTrail(a_trail(), logging(), WRITES),
            ConfiguredTrail(a_trail("second", other), logging()),
        ),
        log_groups=(LogGroup(LOG_GROUP, "STANDARD"), LogGroup(other, "STANDARD")),
        filters=(a_filter("{ $.eventName = StopLogging || $.eventName = LookupEvents }"),),
    )
    found = assessed(account, RequiredFilterPattern="{ $.eventName = StopLogging || $.eventName = LookupEvents }")
    assert [(reason.id, reason.subject) for reason in found.reasons][:1] == [
        (F.TRAIL_SELECTORS_UNVERIFIED, "everything")
    ]


# --------------------------------------------------------------------------- a log group that may not be read


def unverifiable(
    selectors: EventSelectors = ALL,
    status: TrailStatus | None = None,
    *more: ConfiguredTrail,
) -> FakeAccount:
    shown = status or TrailStatus(True)
    return a_monitored_account(configured_trails=(ConfiguredTrail(ORGANIZATION, shown, selectors), *more))


PUT_OFF = {"UnverifiableAccount": "NOT_APPLICABLE"}


def test_what_is_not_known_to_be_broken_is_put_off_and_said_to_be() -> None:
    found = assessed(unverifiable(), **PUT_OFF)
    assert found.compliance is Compliance.NOT_APPLICABLE
    assert found.reasons[0].id is F.LOG_GROUP_IN_ANOTHER_ACCOUNT
    assert not [event for event in found.events if event.counterexample]


def test_a_trail_that_is_shown_to_record_no_write_is_broken() -> None:
    found = assessed(unverifiable(READS), **PUT_OFF)
    assert (found.compliance, found.reasons[0].id) == (Compliance.NON_COMPLIANT, F.TRAIL_SELECTORS_MISS_EVENT)
    assert "does not record the event" in annotation(found)


def test_a_trail_that_is_shown_to_be_stopped_is_broken() -> None:
    found = assessed(unverifiable(status=TrailStatus(False)), **PUT_OFF)
    assert (found.compliance, found.reasons[0].id) == (Compliance.NON_COMPLIANT, F.TRAIL_NOT_LOGGING)


def test_an_event_that_is_left_out_is_broken_although_others_may_be_covered() -> None:
    both = "{ $.eventName = StopLogging || ($.eventSource = kms.amazonaws.com && $.eventName = DisableKey) }"
    found = assessed(unverifiable(WITHOUT_KMS), RequiredFilterPattern=both, **PUT_OFF)
    assert found.compliance is Compliance.NON_COMPLIANT
    assert first(found) == (F.TRAIL_SELECTORS_MISS_EVENT, "its event selectors leave out DisableKey")


def test_a_half_built_chain_of_its_own_is_not_the_reason_for_putting_off() -> None:
    own = ConfiguredTrail(a_trail(), logging())
    account = replace(unverifiable(ALL, None, own), filters=())
    found = assessed(account, **PUT_OFF)
    assert (found.compliance, found.reasons[0].id) == (Compliance.NOT_APPLICABLE, F.LOG_GROUP_IN_ANOTHER_ACCOUNT)
    assert "another account" in annotation(found)


def test_a_broken_organization_trail_beside_one_that_may_not_be_read_does_not_decide() -> None:
    blind = replace(ORGANIZATION, name="blind", trail_arn=f"{ORGANIZATION.trail_arn}-blind")
    found = assessed(unverifiable(EventSelectors(), None, ConfiguredTrail(blind, TrailStatus(True), READS)), **PUT_OFF)
    assert (found.compliance, found.reasons[0].id) == (Compliance.NOT_APPLICABLE, F.LOG_GROUP_IN_ANOTHER_ACCOUNT)


@pytest.mark.parametrize("operation", ["cloudtrail:GetEventSelectors", "cloudtrail:GetTrailStatus"])
def test_what_a_member_is_not_shown_is_not_known_to_be_broken(operation: str) -> None:
    found = assessed(unverifiable().refusing(operation), **PUT_OFF)
    assert (found.compliance, found.reasons[0].id) == (Compliance.NOT_APPLICABLE, F.LOG_GROUP_IN_ANOTHER_ACCOUNT)


def test_selectors_are_asked_for_only_where_the_verdict_hangs_on_them() -> None:
    account = unverifiable(READS)
    assert first(assessed(account))[0] is F.LOG_GROUP_IN_ANOTHER_ACCOUNT
    assert "cloudtrail:GetEventSelectors" not in account.calls


# --------------------------------------------------------------------------- a foreign trail, a log group of one's own


@pytest.mark.parametrize("status", [TrailStatus(True), logging(latest_cloud_watch_logs_delivery_time=None)])
def test_whether_another_account_s_trail_delivers_is_not_known_without_its_owner(status: TrailStatus) -> None:
    trail = replace(ORGANIZATION, cloud_watch_logs_log_group_arn=f"{LOG_GROUP.arn}:*")
    account = a_monitored_account(configured_trails=(ConfiguredTrail(trail, status),))
    found = assessed(account)
    assert (found.compliance, found.reasons[0].id) == (Compliance.NON_COMPLIANT, F.CANNOT_READ)
    assert "LogGroupAccountRoleName" in found.reasons[0].detail
    assert first(assessed(account, LogGroupAccountRoleName="reader"))[0] is F.TRAIL_DELIVERY_STALE
    delivering = replace(account, configured_trails=(ConfiguredTrail(trail, logging()),))
    assert assessed(delivering).compliance is Compliance.COMPLIANT

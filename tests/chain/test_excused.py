"""Records that may go unnoticed on purpose: exactly those, beside a path that holds, while all others are proved."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

import pytest
from config_changes_alarm.assessment import Assessment, Compliance
from config_changes_alarm.chain import assess
from config_changes_alarm.control import Control, controls
from config_changes_alarm.filter_pattern import Answer, JsonPattern, matches, parse
from config_changes_alarm.report import ANNOTATION_LIMIT, annotation
from config_changes_alarm.requirement import Requirement

from ..fake_account import ACCOUNT, NOW, FakeAccount, a_filter, a_monitored_account, an_alarm
from .accounts import NAMES, joined

DEPLOYER = f"arn:aws:iam::{ACCOUNT}:role/deployer"
OTHER = f"arn:aws:iam::{ACCOUNT}:role/other"
USER = f"arn:aws:iam::{ACCOUNT}:user/robot"
ISSUER, ACTOR = "$.userIdentity.sessionContext.sessionIssuer.arn", "$.userIdentity.arn"


def records_of(arn: str) -> JsonPattern:
    pattern = parse(f'{{ {ACTOR} = "{arn}" || {ISSUER} = "{arn}" }}')
    assert isinstance(pattern, JsonPattern)
    return pattern


def watching(*conditions: str) -> FakeAccount:
    """The monitored account, whose filter has these conditions too."""
    control = joined(*NAMES).removeprefix("{ ").removesuffix(" }")
    return a_monitored_account(filters=(a_filter(f"{{ {' && '.join((control, *conditions))} }}"),))


def not_by(arn: str, field: str = ISSUER) -> str:
    return f'({field} NOT EXISTS || {field} != "{arn}")'


def judged(account: FakeAccount, excused: Sequence[str], **parameters: str) -> Assessment:
    """The assessment; where it shows a record, that is nobody's who is excused."""
    patterns = {arn: records_of(arn) for arn in excused}
    found = assess(account.opened(), Requirement.parse(parameters), NOW, patterns)
    assert 0 < len(annotation(found)) <= ANNOTATION_LIMIT
    for event in found.events:
        for pattern in patterns.values():
            assert event.counterexample is None or matches(pattern, event.counterexample) is Answer.NO_MATCH
    return found


@pytest.mark.parametrize(("arn", "field"), [(DEPLOYER, ISSUER), (USER, ACTOR)], ids=["sessions of a role", "a user"])
def test_a_filter_may_leave_out_who_is_excused(arn: str, field: str) -> None:
    account = watching(not_by(arn, field))
    assert judged(account, []).compliance is Compliance.NON_COMPLIANT
    found = judged(account, [arn])
    assert found.compliance is Compliance.COMPLIANT
    assert {event.excused for event in found.events} == {(arn,)}


@pytest.mark.parametrize("asked", controls(), ids=lambda asked: asked.id)
def test_whatever_the_control_is(asked: Control) -> None:
    condition = asked.filter_pattern.strip().removeprefix("{").removesuffix("}")
    account = a_monitored_account(filters=(a_filter(f"{{ ({condition}) && {not_by(DEPLOYER)} }}"),))
    assert judged(account, [], Control=asked.id).compliance is Compliance.NON_COMPLIANT
    found = judged(account, [DEPLOYER], Control=asked.id)
    assert found.compliance is Compliance.COMPLIANT
    assert all(event.excused for event in found.events)


def test_the_annotation_says_who_may_act_unnoticed() -> None:
    assert f"reach email security@example.com, but for what {DEPLOYER} may do unnoticed: trail everything" in (
        annotation(judged(watching(not_by(DEPLOYER)), [DEPLOYER]))
    )


def test_everybody_else_is_still_proved() -> None:
    found = judged(watching(not_by(DEPLOYER), not_by(OTHER)), [DEPLOYER])
    assert found.compliance is Compliance.NON_COMPLIANT
    record = json.loads(found.events[0].counterexample or "")
    assert record["userIdentity"]["sessionContext"]["sessionIssuer"]["arn"] == OTHER


def test_a_record_that_does_not_say_whose_it_is_is_not_excused() -> None:
    """`!=` alone does not match where there is no such member."""
    found = judged(watching(f'{ISSUER} != "{DEPLOYER}"'), [DEPLOYER])
    assert found.compliance is Compliance.NON_COMPLIANT
    assert all(event.disproved for event in found.events)


def test_two_may_be_excused() -> None:
    found = judged(watching(not_by(DEPLOYER), not_by(USER, ACTOR)), [DEPLOYER, USER])
    assert found.compliance is Compliance.COMPLIANT
    assert found.events[0].excused == (DEPLOYER, USER)
    assert f"{DEPLOYER} and 1 more may do unnoticed" in annotation(found)


def test_who_is_watched_all_the_same_is_not_excused() -> None:
    found = judged(watching(), [DEPLOYER])
    assert found.compliance is Compliance.COMPLIANT
    assert {event.excused for event in found.events} == {()}
    assert "unnoticed" not in annotation(found)


def test_only_the_events_that_a_filter_leaves_out_are_excused() -> None:
    control = joined(*NAMES[1:]).removeprefix("{ ").removesuffix(" }")
    limited = f"{joined(NAMES[0]).removesuffix(' }')} && {not_by(DEPLOYER)} }}"
    account = a_monitored_account(filters=(a_filter(f"{{ {control} }}", "all"), a_filter(limited, "limited")))
    found = judged(account, [DEPLOYER])
    assert found.compliance is Compliance.COMPLIANT
    assert {event.name: event.excused for event in found.events} == {**dict.fromkeys(NAMES, ()), NAMES[0]: (DEPLOYER,)}


@pytest.mark.parametrize(
    "account",
    [
        FakeAccount(),
        a_monitored_account(filters=()),
        a_monitored_account(metric_alarms=(an_alarm(actions_enabled=False),)),
        a_monitored_account(subscribed=()),
    ],
    ids=["nothing", "no filter", "actions off", "nobody"],
)
@pytest.mark.parametrize("pattern", ["", f'{{ $.eventName = PutDeliveryChannel && {ACTOR} = "{USER}" }}'])
def test_an_exception_is_never_a_path(account: FakeAccount, pattern: str) -> None:
    """Not even where nothing is required but what is excused."""
    patterns = {USER: records_of(USER)}
    found = assess(account.opened(), Requirement.parse({"RequiredFilterPattern": pattern}), NOW, patterns)
    assert found.compliance is Compliance.NON_COMPLIANT
    assert annotation(found)


def test_what_could_not_be_verified_is_not_excused() -> None:
    found = judged(watching(not_by(DEPLOYER)).refusing("sns:ListSubscriptionsByTopic"), [DEPLOYER])
    assert found.compliance is Compliance.NON_COMPLIANT
    assert not found.disproved


def test_the_function_can_excuse_nobody() -> None:
    """No parameter of the rule names an identity, and the handler hands none over."""
    rule = Path(__file__).parents[2] / "ConfigChangesAlarmRule"
    assert "excused" not in (rule / "ConfigChangesAlarmRule.py").read_text(encoding="utf-8")
    assert not {"excused", "exceptions"} & {field.name for field in fields(Requirement)}
    assert not judged(watching(not_by(DEPLOYER)), []).events[0].excused


CONDITIONS = (
    not_by(DEPLOYER),
    not_by(USER, ACTOR),
    not_by(OTHER),
    f'{ISSUER} != "{DEPLOYER}"',
    f'{ACTOR} != "{DEPLOYER}"',
    f'({ISSUER} NOT EXISTS || {ISSUER} != "*deployer")',
    f'({ISSUER} NOT EXISTS || {ISSUER} != "{DEPLOYER[:-1]}*")',
    '($.userIdentity.userName NOT EXISTS || $.userIdentity.userName != "robot")',
    f'($.userIdentity.type != "AssumedRole" || {ISSUER} != "{DEPLOYER}")',
)
"""What filters leave out, more or less than an identity."""


def of_identity(arn: str | None, issuer: str | None, name: str | None) -> str:
    identity: dict[str, object] = {"type": "AssumedRole" if issuer else "IAMUser"}
    identity |= {"arn": arn} if arn else {}
    identity |= {"userName": name} if name else {}
    identity |= {"sessionContext": {"sessionIssuer": {"arn": issuer}}} if issuer else {}
    return json.dumps({"eventSource": "config.amazonaws.com", "eventName": NAMES[0], "userIdentity": identity})


RECORDS = [
    of_identity(arn, issuer, name)
    for arn in (None, DEPLOYER, USER, OTHER, f"{DEPLOYER}s")
    for issuer in (None, DEPLOYER, OTHER, f"{DEPLOYER}s", DEPLOYER.replace("role/", "role/x/"))
    for name in (None, "robot", "alice")
]


@pytest.mark.parametrize("excused", [(DEPLOYER,), (USER,), (DEPLOYER, USER), ()], ids=str)
@pytest.mark.parametrize("condition", CONDITIONS)
def test_of_what_is_compliant_every_record_is_told_or_is_somebody_s_who_is_excused(
    condition: str, excused: tuple[str, ...]
) -> None:
    account = watching(condition)
    found = judged(account, excused)
    patterns = [parse(each.filter_pattern) for each in account.filters]
    untold = [
        record
        for record in RECORDS
        if not any(matches(pattern, record) is Answer.MATCH for pattern in (*patterns, *map(records_of, excused)))
    ]
    if found.compliance is Compliance.COMPLIANT:
        assert untold == []
    else:
        assert untold or found.events[0].counterexample is not None

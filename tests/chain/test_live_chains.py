"""Chains that another tool rejects although somebody is told, with this rule's answer.

Each case names the tool that gets it wrong, or the report of a user that it comes from.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from config_changes_alarm.assessment import Compliance
from config_changes_alarm.resources import AdvancedEventSelector, EventSelector, EventSelectors

from ..fake_account import (
    ACCOUNT,
    SUBSCRIPTION,
    ConfiguredTrail,
    FakeAccount,
    a_composite,
    a_filter,
    a_monitored_account,
    a_subscription,
    a_trail,
    an_alarm,
    logging,
)
from .accounts import CONTROL, MANAGEMENT, NAMES, ORGANIZATION, assessed, joined, with_alarm, with_pattern, with_trail


@dataclass(frozen=True)
class Alive:
    source: str
    words: str
    account: FakeAccount


def lines(pattern: str) -> str:
    return pattern.replace("||", "\n  || ").replace("&&", "\n&&")


REPORTED = (
    "valid patterns failed for order, quotes, new lines: Prowler #26, #960, #1914, #2912, #11345; "
    "steampipe-mod-aws-compliance #553, #554; ScoutSuite #892; cloudbeat #823, #827; "
    "cloudposse/terraform-aws-cloudtrail-cloudwatch-alarms #9"
)
NOT_IN_FRONT = a_filter("{ $.eventName = ConsoleLogin }", "sign-in", metric_name="SignIn")
ELSEWHERE = f"arn:aws:cloudtrail:eu-west-1:{ACCOUNT}:trail/elsewhere"
OLD = SUBSCRIPTION[:-1] + "1"
ANOTHER_TRAIL = ConfiguredTrail(a_trail("archive", None), logging())

ALIVE = (
    # ---- pattern
    Alive("Security Hub CloudWatch.9", "the control's own text", a_monitored_account()),
    Alive(
        REPORTED,
        "the names in another order",
        with_pattern(joined(*reversed(NAMES))),
    ),
    Alive(
        REPORTED,
        "quoted names",
        with_pattern(joined(*(f'"{name}"' for name in NAMES))),
    ),
    Alive(REPORTED, "spread over lines", with_pattern(lines(CONTROL))),
    Alive("CloudSploit, Trivy", "other white space", with_pattern(CONTROL.replace(" ", "").replace("&&", " && "))),
    Alive(
        "Security Hub, cloudbeat: extra terms fail",
        "two more events of AWS Config",
        with_pattern(joined(*NAMES, "DeleteConfigurationRecorder", "DeleteConfigRule")),
    ),
    Alive(
        "introspector: any other atom defeats it",
        "failed calls left out, which changed nothing",
        with_pattern(CONTROL[:-2] + " && ($.errorCode NOT EXISTS) }"),
    ),
    Alive(
        "Prowler, Steampipe",
        "no test of the source: it matches more",
        with_pattern(joined(*NAMES, source="")),
    ),
    Alive("Prowler", "wildcards", with_pattern(joined("StopConfig*", "*eteDeliveryChannel", *NAMES[2:]))),
    Alive("every tool", "a regular expression", with_pattern(f"{{ $.eventName = %{'|'.join(NAMES)}% }}")),
    Alive("every tool: no unions", "four filters with one event each", with_pattern(*(joined(name) for name in NAMES))),
    Alive(
        "every tool",
        "the same, multiplied out",
        with_pattern(
            "{ "
            + " || ".join(f"($.eventName = {name} && $.eventSource = config.amazonaws.com)" for name in NAMES)
            + " }"
        ),
    ),
    Alive(
        "cloud-custodian: first filter only",
        "the filter is not the log group's first",
        a_monitored_account(filters=(NOT_IN_FRONT, a_filter())),
    ),
    # ---- trail
    Alive(
        "Security Hub: NO_DATA",
        "the trail's home is another Region",
        with_trail(
            name="elsewhere",
            home_region="eu-west-1",
            trail_arn=ELSEWHERE,
        ),
    ),
    Alive(
        "CIS, Security Hub: ReadWriteType All demanded",
        "the trail records writes only",
        with_trail(EventSelectors((EventSelector(read_write_type="WriteOnly"),))),
    ),
    Alive(
        "nozaq/terraform-aws-secure-baseline #307, landing-zone-accelerator-on-aws #517",
        "advanced selectors of all management events",
        with_trail(EventSelectors((), (AdvancedEventSelector((MANAGEMENT,)),))),
    ),
    Alive(
        "cloud-custodian, KICS: any trail, the first trail",
        "another trail without log group comes first",
        a_monitored_account(configured_trails=(ANOTHER_TRAIL, ConfiguredTrail(a_trail(), logging()))),
    ),
    Alive(
        "Prowler #383: an organization's trail confuses",
        "an organization's trail besides the account's own",
        a_monitored_account(
            configured_trails=(ConfiguredTrail(ORGANIZATION, logging()), ConfiguredTrail(a_trail(), logging()))
        ),
    ),
    # ---- alarm, topic and subscription
    Alive(
        "Prowler: the first alarm",
        "another alarm on the metric has no actions",
        a_monitored_account(metric_alarms=(an_alarm("quiet", alarm_actions=()), an_alarm())),
    ),
    Alive(
        "every tool: composite alarms not read",
        "a composite alarm carries the action",
        a_monitored_account(
            metric_alarms=(an_alarm(alarm_actions=()),), composite_alarms=(a_composite('ALARM("config-changes")'),)
        ),
    ),
    Alive(
        "another way to say the same",
        "greater than 0",
        with_alarm(threshold=0.0, comparison_operator="GreaterThanThreshold"),
    ),
    Alive(
        "automated-security-response-on-aws",
        "1 of 12 periods",
        with_alarm(evaluation_periods=12, datapoints_to_alarm=1),
    ),
    Alive(
        "a pending subscription counts neither for nor against",
        "one subscription confirmed, another pending",
        a_monitored_account(
            subscribed=(
                a_subscription("PendingConfirmation", "old@example.com", OLD),
                a_subscription(),
            )
        ),
    ),
    Alive(
        "Prowler #12645, aws-secure-environment-accelerator #875: a refused read is no failed control",
        "the alarm's history may not be read, and need not be",
        a_monitored_account().refusing("cloudwatch:DescribeAlarmHistory", "logs:TestMetricFilter"),
    ),
)


@pytest.mark.parametrize("case", ALIVE, ids=lambda case: case.words)
def test_a_live_chain_that_others_reject(case: Alive) -> None:
    found = assessed(case.account)
    assert (found.compliance, found.reasons) == (Compliance.COMPLIANT, ())

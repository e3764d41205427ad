"""Every list is read to its last page, and no faster than AWS lets an account ask."""

from __future__ import annotations

import pytest
from config_changes_alarm.account import EvaluationFailed, MetricFiltersOn

from .answers import plain_account
from .conftest import Clock
from .http_aws import answering, fixed
from .reading import HERE, answer_of, asked, assessed, opened, paged

pytestmark = pytest.mark.usefixtures("clock")


def test_a_hundred_filters_take_two_pages_and_the_last_one_counts() -> None:
    aws = plain_account()
    (one,) = answer_of(aws, "logs:DescribeMetricFilters")["metricFilters"]
    others = [
        {
            **one,
            "filterName": f"other-{number}",
            "filterPattern": f"{{ $.eventName = Other{number} }}",
            "metricTransformations": [{"metricName": f"o{number}", "metricNamespace": "CIS", "metricValue": "1"}],
        }
        for number in range(99)
    ]
    every = paged("metricFilters", [*others, one], 50, "nextToken")
    aws.answers["logs:DescribeMetricFilters"] = lambda asked: (
        every(asked) if "logGroupName" in asked.members else {"metricFilters": [one]}
    )
    assert assessed(aws).compliance == "COMPLIANT"
    assert asked(aws).count("logs:DescribeMetricFilters") == 3
    assert len(aws.requests) == 13


def test_three_hundred_subscriptions_take_three_pages_and_the_confirmed_one_is_found() -> None:
    aws = plain_account()
    (one,) = answer_of(aws, "sns:ListSubscriptionsByTopic")["Subscriptions"]
    pending = [{**one, "SubscriptionArn": "PendingConfirmation", "Endpoint": f"{n}@example.com"} for n in range(299)]
    aws.answers["sns:ListSubscriptionsByTopic"] = paged("Subscriptions", [*pending, one], 100)
    assert assessed(aws).compliance == "COMPLIANT"
    assert asked(aws).count("sns:ListSubscriptionsByTopic") == 3
    assert asked(aws).count("sns:GetSubscriptionAttributes") == 1


def test_a_page_token_that_comes_back_ends_the_evaluation() -> None:
    aws = plain_account()
    content = answer_of(aws, "sns:ListSubscriptionsByTopic")
    aws.answers["sns:ListSubscriptionsByTopic"] = fixed({**content, "NextToken": "again"})
    with pytest.raises(EvaluationFailed, match="sns:ListSubscriptionsByTopic answers the same page token twice"):
        assessed(aws)
    assert asked(aws).count("sns:ListSubscriptionsByTopic") == 2


def test_many_calls_of_one_kind_stay_below_what_aws_lets_an_account_call(clock: Clock) -> None:
    """A hundred filters, each with a metric of its own: DescribeMetricFilters takes 5 calls a second."""
    aws = plain_account()
    aws.answers["logs:DescribeMetricFilters"] = fixed({"metricFilters": []})
    tokens, last, times = 5.0, 0.0, []
    with answering(aws) as session:
        account = opened(session)
        for number in range(100):
            account.ask(MetricFiltersOn(HERE, "CIS", f"m{number}"))
            tokens = min(5.0, tokens + 5 * (clock.now - last)) - 1
            last = clock.now
            times.append(clock.now)
            assert tokens >= 0
    assert times[:4] == [0.0] * 4
    assert 20 < clock.now < 25

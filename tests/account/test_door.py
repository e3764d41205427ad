"""Every question has an answer; each is asked of AWS once, and independent ones at the same time."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Event
from typing import Any

import config_changes_alarm.account
import pytest
from config_changes_alarm.account import (
    EvaluationFailed,
    MetricFiltersOf,
    MetricFiltersOn,
    NotFound,
    Question,
    TopicOf,
    Trails,
    Unreadable,
    answered_with,
)
from config_changes_alarm.account.aws import source
from config_changes_alarm.chain import assess
from config_changes_alarm.requirement import Requirement

from ..fake_account import a_monitored_account
from .answers import GROUP, NOW, REGION, plain_account
from .http_aws import Content, Refusal, Request, answering
from .reading import HERE, LOG_GROUP, OF_TRAIL, asked, assessed, opened

pytestmark = pytest.mark.usefixtures("clock")
EXPORTED = [getattr(config_changes_alarm.account, name) for name in config_changes_alarm.account.__all__]
QUESTIONS = [each for each in EXPORTED if isinstance(each, type) and Question in each.__bases__]


@pytest.mark.parametrize("kind", QUESTIONS, ids=lambda kind: kind.__name__)
def test_a_question_is_read_somewhere_and_says_how_it_is_answered(kind: type[Question[Any]]) -> None:
    assert kind in source._READS
    value, *otherwise = answered_with(kind)
    assert value not in (NotFound, Unreadable)
    assert otherwise in ([Unreadable], [NotFound, Unreadable])


def test_what_does_not_exist_is_not_found_but_a_listing_always_exists() -> None:
    aws = plain_account()
    aws.answers["logs:DescribeMetricFilters"] = lambda _: Refusal("ResourceNotFoundException")
    with answering(aws) as session:
        account = opened(session)
        assert account.ask(MetricFiltersOf(LOG_GROUP)) == NotFound(GROUP)
        with pytest.raises(EvaluationFailed, match="AWS says that the listing of ConfigChanges does not exist"):
            account.ask(MetricFiltersOn(HERE, "CIS", "ConfigChanges"))


def test_equal_questions_are_one() -> None:
    account = (fake := a_monitored_account()).opened()
    assert account.ask(Trails()) is account.ask(Trails())
    assert account.ask(TopicOf("a")) == NotFound("a")
    assert account.ask(TopicOf("b")) == NotFound("b")
    assert fake.calls == ["cloudtrail:DescribeTrails", "sns:GetTopicAttributes", "sns:GetTopicAttributes"]


def test_each_thing_is_read_once_however_often_and_from_wherever_it_is_asked_for() -> None:
    aws = plain_account()
    with answering(aws) as session, ThreadPoolExecutor(16) as pool:
        account = opened(session)
        answers = list(pool.map(lambda _: account.ask(MetricFiltersOf(LOG_GROUP)), range(64)))
    assert asked(aws) == ["logs:DescribeMetricFilters"]
    assert all(answer is answers[0] for answer in answers)


def test_a_failed_read_is_not_tried_again() -> None:
    aws = plain_account()
    aws.answers["logs:DescribeMetricFilters"] = lambda _: Refusal("SomethingNew", 400)
    with answering(aws) as session:
        account = opened(session)
        for _ in range(3):
            with pytest.raises(EvaluationFailed, match=r"failed: SomethingNew \(HTTP 400\)"):
                account.ask(MetricFiltersOf(LOG_GROUP))
    assert len(aws.requests) == 1


def test_a_client_is_built_once_for_each_service_and_place() -> None:
    aws = plain_account()
    built: list[tuple[str, str]] = []
    with answering(aws) as session:

        def counted(service: str, region: str) -> Any:
            built.append((service, region))
            return session.client(service, region_name=region)  # type: ignore[call-overload]

        account = opened(session, own_client=counted)
        assert assess(account, Requirement.parse(), NOW).compliance == "COMPLIANT"
    assert sorted(built) == [(service, REGION) for service in ("cloudtrail", "cloudwatch", "logs", "sns")]


def test_independent_reads_are_under_way_at_the_same_time() -> None:
    """Each of the four reads of a trail is answered only after all four were asked for."""
    aws = plain_account()
    missing = set(OF_TRAIL)
    together = Event()

    def waiting(asked: Request, answer: Callable[[Request], Content | Refusal]) -> Content | Refusal:
        missing.discard(asked.operation)
        if not missing:
            together.set()
        assert together.wait(10)
        return answer(asked)

    for operation in OF_TRAIL:
        aws.answers[operation] = partial(waiting, answer=aws.answers[operation])
    assert assessed(aws).compliance == "COMPLIANT"

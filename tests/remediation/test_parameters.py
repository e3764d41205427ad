"""What the runbook takes as parameters, and that nothing in them is executed."""

from __future__ import annotations

import pytest

from demo.embedded_aws import ACCOUNT_ID, REGION, EmbeddedAws
from tests.accounts import TOPIC

from .automation import Refused
from .conftest import Calls
from .repairing import ENDPOINT, RUNBOOK, everything, nothing_behind_the_trail, repair

HOSTILE = ("'", '"', "`id`", "$(id)", "a\nb", "{{ global:REGION }}", "{{AccountId}}", "}}", "\\", "a b;", "é", "\0")


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("name", RUNBOOK["parameters"])
def test_hostile_values_are_refused_before_anything_runs(name: str, value: str) -> None:
    with pytest.raises(Refused, match=f"parameter {name} "):
        repair(**{name: value})


OTHER = f"arn:aws:sns:{REGION}:210987654321:config-changes"


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"TopicArn": OTHER}, f"TopicArn is {OTHER}: it has to be of account {ACCOUNT_ID} and {REGION}"),
        ({"TopicArn": TOPIC.replace(REGION, "eu-west-1")}, "it has to be of account"),
        ({"KmsKeyArn": f"arn:aws:kms:{REGION}:210987654321:key/1"}, "KmsKeyArn is arn:aws:kms"),
        ({"SubscriptionEndpoint": "nobody"}, "SubscriptionEndpoint is 'nobody': that is none of protocol email."),
        ({"SubscriptionProtocol": "https"}, f"SubscriptionEndpoint is '{ENDPOINT}': that is none of protocol https."),
        ({"SubscriptionProtocol": "sms"}, "that is none of protocol sms."),
        ({"SubscriptionProtocol": "sqs", "SubscriptionEndpoint": TOPIC}, "that is none of protocol sqs."),
    ],
)
def test_values_that_do_not_fit_the_account_end_the_run_before_anything_is_made(
    parameters: dict[str, str], message: str, aws: EmbeddedAws, calls: Calls
) -> None:
    nothing_behind_the_trail(aws)
    before = everything()
    execution = repair(**parameters)
    assert list(execution.failures) == ["Compare"]
    assert message in execution.failure
    assert everything() == before

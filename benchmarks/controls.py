"""What several controls cost from one read, beside as many evaluations that each read for themselves.

`make bench` runs it. Calls are those of the account's reader; each waits for a delay, as an answer of AWS does. Paced
calls wait as they would against AWS.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

import boto3
from config_changes_alarm.account import Identity, ListingSource
from config_changes_alarm.account.aws import AwsSource
from config_changes_alarm.chain import assess
from config_changes_alarm.control import DEFAULT_CONTROL, control_ids
from config_changes_alarm.requirement import Requirement

from demo.embedded_aws import ACCOUNT_ID, REGION, EmbeddedAws, embedded_aws
from tests.monitoring_section import the_section

from .delaying_proxy import delaying_proxy

DELAY = 0.05
CONTROLS = (
    (DEFAULT_CONTROL,),
    control_ids()[:3],
    control_ids(),
)


@dataclass(frozen=True, slots=True)
class Cost:
    """Of evaluations, one after the other."""

    calls: int
    seconds: float


def main() -> None:
    """Prints the table."""
    print(f"\nSeveral controls, {DELAY * 1000:.0f} ms a call")
    print(f"{'account':12}{'controls':>9}{'calls':>8}{'time':>9}{'calls apart':>13}{'time apart':>12}")
    for words, build in ACCOUNTS:
        with embedded_aws() as aws, delaying_proxy(aws.endpoint) as proxy:
            build(aws)
            proxy.seconds = DELAY
            for ids in CONTROLS:
                together = cost(proxy.endpoint, (ids,))
                apart = cost(proxy.endpoint, [(id_,) for id_ in ids])
                print(
                    f"{words:12}{len(ids):>9}{together.calls:>8}{together.seconds:>7.2f} s"
                    f"{apart.calls:>13}{apart.seconds:>10.2f} s"
                )


def _nothing(_: EmbeddedAws) -> None:
    """An account in which nobody has made anything."""


ACCOUNTS: tuple[tuple[str, Callable[[EmbeddedAws], None]], ...] = (("compliant", the_section), ("empty", _nothing))


def _client(endpoint: str, service: str, region: str) -> Any:
    made: Any = boto3.client
    return made(service, region_name=region, endpoint_url=endpoint)


def cost(endpoint: str, evaluations: Sequence[Sequence[str]]) -> Cost:
    """Each evaluation reads for all of its controls."""
    calls, seconds = 0, 0.0
    for ids in evaluations:
        source = AwsSource(
            boto3.Session(region_name=REGION),
            Identity(ACCOUNT_ID, REGION),
            own_client=partial(_client, endpoint),
        )
        started = time.perf_counter()
        shared = ListingSource(source) if len(ids) > 1 else source
        for id_ in ids:
            assess(shared.account(), Requirement.parse({"Control": id_}), datetime.now(UTC))
        seconds += time.perf_counter() - started
        calls += len(source.calls())
    return Cost(calls, seconds)


if __name__ == "__main__":
    main()

"""Time in the tests of the reader: nobody waits."""

from __future__ import annotations

from types import SimpleNamespace

import botocore.endpoint
import pytest
from config_changes_alarm.account.aws import calling, pace

from .answers import organization_account
from .http_aws import HttpAws


class Clock:
    """Stands still, except while the reader or botocore waits and while a request is made to time out."""

    def __init__(self) -> None:
        self.now = 0.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(botocore.endpoint, "time", SimpleNamespace(sleep=clock.sleep))
    time = SimpleNamespace(monotonic=lambda: clock.now, perf_counter=lambda: clock.now, sleep=clock.sleep)
    for reader in (calling, pace):
        monkeypatch.setattr(reader, "time", time)
    return clock


@pytest.fixture
def organization() -> HttpAws:
    return organization_account()

"""The page of scale counts the calls that are really made, and computes their cost by AWS's tiers."""

from __future__ import annotations

from collections import Counter
from typing import Any
from unittest.mock import patch

import pytest
from botocore.client import BaseClient

import ConfigChangesAlarmRule
from demo.embedded_aws import EmbeddedAws
from demo.evaluate import scheduled_event
from deploy.settings import Settings
from documentation.scale_page import CALLS, SIZES, cost, cost_times_wait, evaluations_per_month

from ..accounts import an_account


def test_the_page_of_scale_counts_what_is_called(aws: EmbeddedAws) -> None:
    an_account(aws)
    called: Counter[str] = Counter()
    original = BaseClient._make_api_call  # type: ignore[attr-defined]

    def counting(self: Any, operation_name: str, api_params: Any) -> Any:
        called[f"{self.meta.service_model.service_name}:{operation_name}"] += 1
        return original(self, operation_name, api_params)

    with patch.object(BaseClient, "_make_api_call", counting):
        ConfigChangesAlarmRule.lambda_handler(scheduled_event(), None)
    assert called == Counter(CALLS)


def test_the_cost_follows_the_tiers() -> None:
    assert evaluations_per_month(12) == 365
    assert cost(1_000)["AWS Config evaluations"] == pytest.approx(30.417)
    assert cost(10_000)["AWS Config evaluations"] == pytest.approx(100 + 204_167 * 0.0008)


def test_the_functions_size_is_the_one_with_the_least_cost_times_wait() -> None:
    assert min(SIZES, key=cost_times_wait) == Settings.load().memory_mb

"""What the rule's code calls in AWS, recorded where every client of botocore makes its calls."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from types import FrameType
from typing import Any
from unittest.mock import patch

import config_changes_alarm.account.aws
from botocore.client import BaseClient

_RULE = (config_changes_alarm.account.aws.__name__, "ConfigChangesAlarmRule", "rdklib.")


@dataclass(slots=True)
class Recorded:
    """IAM actions by the access key that they were called with. `made` has each as often as it was called."""

    actions: dict[str, set[str]] = field(default_factory=dict)
    made: list[str] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def add(self, access_key: str, action: str) -> None:
        with self.lock:
            self.made.append(action)
            self.actions.setdefault(access_key, set()).add(action)

    def all(self) -> set[str]:
        return set().union(*self.actions.values())


@contextmanager
def recorded() -> Iterator[Recorded]:
    """Records the calls of the rule, not those that a test makes to build an account."""
    calls = Recorded()
    original = BaseClient._make_api_call  # type: ignore[attr-defined]

    def make_api_call(self: Any, operation_name: str, api_params: dict[str, Any]) -> Any:
        if _called_by_the_rule(sys._getframe(1)):
            access_key = self._request_signer._credentials.access_key
            calls.add(access_key, f"{self.meta.service_model.service_name}:{operation_name}")
        return original(self, operation_name, api_params)

    with patch.object(BaseClient, "_make_api_call", make_api_call):
        yield calls


def _called_by_the_rule(frame: FrameType | None) -> bool:
    while frame is not None:
        if str(frame.f_globals.get("__name__", "")).startswith(_RULE):
            return True
        frame = frame.f_back
    return False

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import boto3
import botocore.session
import pytest

from demo.embedded_aws import EmbeddedAws

LOADER = botocore.session.get_session().get_component("data_loader")
"""Holds the services' models for all tests of a process: reading them is most of making a client."""


@dataclass
class Calls:
    """The calls of this process's default session: what was called, which call fails, what happens just before one."""

    made: list[tuple[str, str]] = field(default_factory=list)
    failing: tuple[str, str] | None = None
    code: str = "InternalFailure"
    just_before: dict[tuple[str, str], Callable[[], None]] = field(default_factory=dict)

    def __call__(self, model: Any, **_: Any) -> Any:
        call = (model.service_model.service_name, model.name)
        self.made.append(call)
        if (interruption := self.just_before.pop(call, None)) is not None:
            interruption()
        if call != self.failing:
            return None
        self.failing = None
        error = {"Error": {"Code": self.code, "Message": "planted"}, "ResponseMetadata": {}}
        status = 500 if self.code == "InternalFailure" else 403
        return SimpleNamespace(status_code=status, headers={}), error


@pytest.fixture
def calls(aws: EmbeddedAws, monkeypatch: pytest.MonkeyPatch) -> Calls:
    """Also keeps every client for the length of a test: making one takes longer than calling with it."""
    calls = Calls()
    core = botocore.session.get_session()
    core.register_component("data_loader", LOADER)
    session = boto3.Session(botocore_session=core)
    session.events.register("before-call", calls)
    monkeypatch.setattr(boto3, "client", functools.cache(session.client))
    return calls

from __future__ import annotations

from collections.abc import Iterator

import pytest

from demo.embedded_aws import EmbeddedAws, embedded_aws


@pytest.fixture
def aws() -> Iterator[EmbeddedAws]:
    with embedded_aws() as running:
        yield running

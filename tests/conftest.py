from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import settings

from demo.embedded_aws import EmbeddedAws, embedded_aws
from deploy.permissions import EVALUATOR, LOG_GROUP_READER, actions_of, may_assume

from .rule_calls import recorded

settings.register_profile("fixed", derandomize=True)
if not os.environ.get("DEEP"):  # a change is to blame for a failure, not the day; the long runs look further
    settings.load_profile("fixed")

PERMITTED = actions_of((*EVALUATOR, *LOG_GROUP_READER, may_assume("any", "")))


@pytest.fixture
def aws() -> Iterator[EmbeddedAws]:
    with embedded_aws() as running:
        yield running


@pytest.fixture(autouse=True)
def least_privilege() -> Iterator[None]:
    """Whatever a test lets the rule do: it calls nothing that its role does not allow."""
    with recorded() as calls:
        yield
    assert calls.all() <= PERMITTED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    fault_matrix(terminalreporter)
    shares_of_the_oracle(terminalreporter)


def fault_matrix(terminalreporter: pytest.TerminalReporter) -> None:
    """The fault matrix as counts: how many APIs ended how, fault by fault."""
    cells = Counter(
        str(value)
        for report in terminalreporter.getreports("passed")
        for name, value in report.user_properties
        if name == "fault matrix"
    )
    if not cells:
        return
    faults, outcomes = (list(dict.fromkeys(cell.split("|")[part] for cell in sorted(cells))) for part in (0, 1))
    terminalreporter.write_sep("-", f"fault matrix: {cells.total()} faults in a compliant account")
    terminalreporter.write_line(f"{'':34}" + "".join(f"{outcome:>15}" for outcome in outcomes))
    for fault in faults:
        counts = "".join(f"{cells[f'{fault}|{outcome}'] or '':>15}" for outcome in outcomes)
        terminalreporter.write_line(f"{fault:34}{counts}")


def shares_of_the_oracle(terminalreporter: pytest.TerminalReporter) -> None:
    """Adds up what the comparisons with each oracle counted."""
    for oracle in ("oracle", "dense universes"):
        shares: Counter[str] = Counter()
        for report in terminalreporter.getreports("passed"):
            for name, value in report.user_properties:
                if name.startswith(f"{oracle}: "):
                    shares[name.removeprefix(f"{oracle}: ")] += value
        disagreements = shares.pop("disagreements", 0)
        total = sum(shares.values())
        for name, count in shares.most_common():
            terminalreporter.write_line(f"{oracle}: {count:6,} of {total:,} questions ({count / total:.2%}) {name}")
        if total:
            terminalreporter.write_line(f"{oracle}: {disagreements} disagreements")

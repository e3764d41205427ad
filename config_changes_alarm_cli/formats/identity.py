"""What other programs know a verdict by: a finding id, a title, and the requirements that it is about.

The finding about AWS Config has had its id since before there were others: those carry their control's after it.
"""

from __future__ import annotations

from collections import Counter

from config_changes_alarm.control import CUSTOM, DEFAULT_CONTROL, Control, control, id_of

__all__ = [
    "GENERATOR",
    "finding_id",
    "named",
    "number_of",
    "numbers_in_words",
    "partition_of",
    "requirements_of",
    "title_of",
]

GENERATOR = "config-changes-alarm"

_PARTITIONS = {
    "cn-": "aws-cn",
    "us-gov-": "aws-us-gov",
    "us-iso-": "aws-iso",
    "us-isob-": "aws-iso-b",
    "eu-isoe-": "aws-iso-e",
    "us-isof-": "aws-iso-f",
    "eusc-": "aws-eusc",
}


def finding_id(account_id: str, region: str, control_id: str) -> str:
    """One an account, Region and control, the same at every evaluation."""
    name = f"{GENERATOR}/{region}/{account_id}"
    return name if control_id == DEFAULT_CONTROL else f"{name}/{control_id}"


def named(control_id: str) -> Control | None:
    """The control with this id; none for a custom pattern."""
    return None if control_id == CUSTOM else control(control_id)


def partition_of(region: str) -> str:
    """The partition that a Region lies in, for an account that could not be asked (AWS General Reference, ARNs)."""
    return next((partition for prefix, partition in _PARTITIONS.items() if region.startswith(prefix)), "aws")


def title_of(judged: Control | None) -> str:
    """What holds where it is COMPLIANT."""
    return "The events of a custom filter pattern are monitored" if judged is None else judged.title


def requirements_of(judged: Control | None) -> tuple[str, ...]:
    """Its number in every version of the benchmark."""
    numbers = {} if judged is None else judged.numbers
    return tuple(f"CIS AWS Foundations v{_whole(version)}/{number}" for version, number in numbers.items())


def numbers_in_words(judged: Control | None) -> str:
    """The same on one line: each number with the versions that give it."""
    versions: dict[str, list[str]] = {}
    for version, number in ({} if judged is None else judged.numbers).items():
        versions.setdefault(number, []).append(version)
    told = (f"{number} (v{' to v'.join(dict.fromkeys((of[0], of[-1])))})" for number, of in versions.items())
    return f"CIS AWS Foundations {', '.join(told)}" if versions else ""


def _whole(version: str) -> str:
    return version if version.count(".") > 1 else f"{version}.0"


def number_of(judged: Control | None) -> str:
    """The number that most versions of the benchmark give it; of a custom pattern, that it is one."""
    return id_of(None) if judged is None else Counter(judged.numbers.values()).most_common(1)[0][0]

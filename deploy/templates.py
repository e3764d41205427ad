"""Writes the templates and the conformance packs: `make templates`. A test keeps them so."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from .alarms import alarms
from .cloudformation import dump
from .conformance_pack import ENTRY, monitoring_pack, pack
from .limits import TEMPLATE_BYTES, size_of
from .organization import MEMBER_ROLE, log_group_reader_role, member_role, organization
from .single_account import function_role, single_account
from .terraform import variables

__all__ = ["ROOT", "templates"]

ROOT = Path(__file__).parents[1]
_MADE = "Made by `make templates` from deploy/*.py: permissions, parameters and defaults are those of the code."


def templates() -> Mapping[str, str]:
    """Every file by its path."""
    rule_id, rule_name = "ConfigChangesAlarm", "config-changes-alarm"
    pack_header = f"{_MADE}\nHow to use it: docs/deploying.md, Conformance packs."
    entry_header = (
        f"{_MADE}\nReplaces the entry {ENTRY[0]} ({ENTRY[1]}, AWS_CONFIG_PROCESS_CHECK) of AWS's conformance packs\n"
        "for CIS AWS Foundations: put each section into the one of the same name there. It is a pack of its own too."
    )
    return {
        "deploy/single-account.yaml": dump(single_account(), _MADE),
        "deploy/organization.yaml": dump(organization(), _MADE),
        "deploy/member-role.yaml": dump(member_role(), _MADE),
        "deploy/log-group-reader-role.yaml": dump(log_group_reader_role(), _MADE),
        "deploy/function-role.yaml": dump(function_role(), _MADE),
        "deploy/alarms.yaml": dump(alarms(), _MADE),
        "deploy/terraform/variables.tf": variables(single_account()["Parameters"], _MADE),
        "conformance-pack/config-changes-alarm.yaml": dump(pack(rule_id, rule_name), pack_header, short=False),
        "conformance-pack/config-changes-alarm-with-remediation.yaml": dump(
            pack(rule_id, rule_name, remediation=True), pack_header, short=False
        ),
        "conformance-pack/cis-monitoring.yaml": dump(monitoring_pack(), pack_header, short=False),
        "conformance-pack/cis-monitoring-organization.yaml": dump(
            monitoring_pack(AssumeRoleMode="true", ExecutionRoleName=MEMBER_ROLE), pack_header, short=False
        ),
        f"conformance-pack/{ENTRY[1]}.yaml": dump(pack(*ENTRY), entry_header, short=False),
    }


def main() -> None:
    for name, text in templates().items():
        path = ROOT / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        if path.suffix == ".yaml":
            print(size_of(name, text, TEMPLATE_BYTES))


if __name__ == "__main__":
    main()

"""What decides knows no AWS client; the pattern language knows nothing but the standard library."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "ConfigChangesAlarmRule" / "config_changes_alarm"
CLIENTS = {"boto3", "botocore", "rdklib"}
MAY_CALL_AWS = {"aws_account.py", "aws_access.py"}


def imported(path: Path) -> set[str]:
    """The first part of every absolute import, wherever it stands in the file."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add(str(node.module).split(".")[0])
    return found


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_only_the_reader_and_the_command_line_know_boto3(path: Path) -> None:
    if path.name not in MAY_CALL_AWS:
        assert not imported(path) & CLIENTS


@pytest.mark.parametrize("path", sorted((PACKAGE / "filter_pattern").glob("*.py")), ids=lambda path: path.name)
def test_the_pattern_language_needs_the_standard_library_only(path: Path) -> None:
    assert imported(path) <= set(sys.stdlib_module_names)
    for node in ast.walk(ast.parse(path.read_text())):
        assert not (isinstance(node, ast.ImportFrom) and node.level > 1)


def test_the_rule_folder_is_no_package() -> None:
    assert not (PACKAGE.parent / "__init__.py").exists()

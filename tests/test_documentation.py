"""What the documentation shows is true: its Python runs, its links lead somewhere."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from config_changes_alarm_cli import main
from config_changes_alarm_cli.formats.svg import as_svg
from config_changes_alarm_cli.formats.text import as_text
from demo.embedded_aws import REGION, EmbeddedAws
from tests.accounts import an_account
from tests.config_changes_alarm_cli.formats.accounts import evaluated, one_event_missed
from tests.config_changes_alarm_cli.plan.plans import a_plan

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_python_in_a_page_runs(page: Path) -> None:
    for source in re.findall(r"```python\n(.*?)```", page.read_text(), re.DOTALL):
        exec(compile(source, page.name, "exec"), {})


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_within_the_repository_lead_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text()):
        if "://" not in link:
            assert (page.parent / link).exists(), link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_page_is_reached_from_the_readme(page: Path) -> None:
    reached = {ROOT / "README.md"}
    while True:
        more = {
            (each.parent / link).resolve()
            for each in reached
            for link in re.findall(r"\]\(([^)#]+\.md)", each.read_text())
            if "://" not in link
        }
        if more <= reached:
            break
        reached |= more
    assert page in reached


# --------------------------------------------------------------------------- commands


def _commands() -> Iterator[tuple[str, str]]:
    """Every line of code that begins with the program's name, with its page."""
    for page in PAGES:
        for line in re.findall(r"^(?:    |\$ )?(config-changes-alarm .*)$", page.read_text(), re.MULTILINE):
            if "..." not in line:
                yield page.name, line


@pytest.fixture
def _a_user(aws: EmbeddedAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody with profiles of the names that the pages use, and a monitored account, in a folder with the register of
    exceptions that the pages show.
    """
    import boto3

    an_account(aws)
    boto3.client("organizations").create_organization(FeatureSet="ALL")
    keys = "aws_access_key_id=embedded\naws_secret_access_key=embedded\n"
    profiles = ("audit", "management", "production", "staging")
    (tmp_path / "config").write_text("".join(f"[profile {name}]\nregion={REGION}\n{keys}" for name in profiles))
    (shown,) = re.findall(r"```toml\n(.*?)```", (ROOT / "docs/exceptions.md").read_text(), re.DOTALL)
    (tmp_path / "exceptions.toml").write_text(shown)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    (tmp_path / "plan.json").write_text(json.dumps(a_plan()), encoding="utf-8")
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("_a_user")
def test_the_commands_in_the_pages_run(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    commands = list(_commands())
    assert len(commands) > 10
    for page, line in commands:
        region = line.replace("eu-west-1", REGION)
        status = main(shlex.split(region)[1:])
        assert status in (0, 1), f"{page}: {line}: {capsys.readouterr().err}"
    assert {path.name for path in tmp_path.iterdir()} == {
        "chain.html",
        "config",
        "evaluation.json",
        "exceptions.toml",
        "plan.json",
        "recordings",
        "reports",
        "verdict.xml",
    }


@pytest.mark.parametrize(
    ("page", "line", "shown"),
    [
        (page.name, line, shown)
        for page in PAGES
        for line, shown in re.findall(r"```console\n\$ (.*)\n((?:.*\n)+?)```", page.read_text())
    ],
)
def test_what_a_page_shows_is_what_is_printed(
    page: str, line: str, shown: str, capsys: pytest.CaptureFixture[str]
) -> None:
    main(shlex.split(line)[1:])
    assert capsys.readouterr().out.startswith(shown)


def test_the_report_in_the_page_is_a_real_one() -> None:
    (shown,) = re.findall(r"```text\n(.*?)```", (ROOT / "docs/command-line.md").read_text(), re.DOTALL)
    assert as_text(evaluated(one_event_missed())).startswith(shown)


def test_the_picture_in_the_page_is_a_real_one() -> None:
    assert (ROOT / "docs/chain.svg").read_text() == as_svg(evaluated(one_event_missed()))

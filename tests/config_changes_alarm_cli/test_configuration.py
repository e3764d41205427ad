"""Options from a configuration file and from the environment; what is typed goes before both."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from config_changes_alarm_cli import main
from demo.embedded_aws import EmbeddedAws
from tests.accounts import an_account

RECORDINGS = Path(__file__).parent / "recordings"
COMPLIANT, NOT_VERIFIED = (str(RECORDINGS / f"{name}.json") for name in ("compliant", "broken"))
ROOT_USE = '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def configured(folder: Path, text: str, name: str = ".config-changes-alarm.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_file_in_the_current_folder_is_read(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    configured(folder, 'format = "json"\n')
    assert main(["replay", COMPLIANT]) == 0
    assert json.loads(capsys.readouterr().out)["compliance"] == "COMPLIANT"


def test_another_file_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    configured(folder, "format = 'text'\n")
    other = configured(folder, "[replay]\nformat = ['json', 'csv=verdicts.csv']\n", "audit.toml")
    assert main(["replay", COMPLIANT, "--config", str(other)]) == 0
    assert json.loads(capsys.readouterr().out)["compliance"] == "COMPLIANT"
    assert (folder / "verdicts.csv").exists()


def test_a_command_s_table_goes_before_what_is_for_all(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    configured(folder, "format = 'text'\ncontrol = 'root-usage'\n[explain-pattern]\nformat = 'json'\n")
    assert main(["explain-pattern", ROOT_USE]) == 0
    assert json.loads(capsys.readouterr().out)["events"] == {"use of the root user": "always"}
    assert main(["replay", COMPLIANT]) == 0
    assert "\nCOMPLIANT  account" in capsys.readouterr().out


def test_what_is_typed_goes_before_the_environment_and_that_before_the_file(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    configured(folder, "format = 'csv'\n")
    monkeypatch.setenv("CONFIG_CHANGES_ALARM_FORMAT", "json")
    main(["replay", COMPLIANT])
    assert capsys.readouterr().out.startswith("{")
    main(["replay", COMPLIANT, "-f", "text"])
    assert "\nCOMPLIANT  account" in capsys.readouterr().out
    monkeypatch.setenv("CONFIG_CHANGES_ALARM_FORMAT", "")
    main(["replay", COMPLIANT])
    assert capsys.readouterr().out.startswith("account,")


def test_the_environment_names_the_file(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONFIG_CHANGES_ALARM_CONFIG", str(configured(folder, "format = 'csv'\n", "audit.toml")))
    assert main(["replay", COMPLIANT, "--verbose"]) == 0
    output = capsys.readouterr()
    assert output.out.startswith("account,")
    assert output.err == f"config-changes-alarm: options from {folder / 'audit.toml'}\n"


def test_rule_parameters_are_a_table_and_each_can_be_given_anew(
    aws: EmbeddedAws, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    an_account(aws)
    configured(
        folder, '[parameter]\nMaxRearmSeconds = 3600\nAllowRoutineMatches = true\nTopicArns = ["arn:a", "arn:b"]'
    )
    main(["evaluate", "-f", "json", "--parameter", "MaxRearmSeconds=7200", "--parameter", "TopicArns="])
    output = capsys.readouterr()
    assert output.err == ""
    given = json.loads(output.out)["parameters"]
    assert given["MaxRearmSeconds"] in (7200, "7200")
    assert str(given["AllowRoutineMatches"]).lower() == "true"
    assert main(["evaluate"]) == 2
    assert "parameter TopicArns is 'arn:a,arn:b', expected" in capsys.readouterr().err


def test_exceptions_may_stand_in_the_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = '[[exceptions]]\nidentity = "arn:aws:iam::123456789012:user/x"\nreason = "tests it"\nexpires = 2000-01-01\n'
    configured(folder, table)
    assert main(["replay", COMPLIANT, "-f", "json"]) == 0
    assert "tests it" in capsys.readouterr().out


def test_every_option_is_an_environment_variable_by_its_long_name(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    table = '[[exceptions]]\nidentity = "arn:aws:iam::123456789012:user/x"\nreason = "tests it"\nexpires = 2000-01-01\n'
    monkeypatch.setenv("CONFIG_CHANGES_ALARM_EXCEPTIONS", str(configured(folder, table, "register.toml")))
    monkeypatch.setenv("CONFIG_CHANGES_ALARM_FORMAT", "json csv=verdict.csv")
    monkeypatch.setenv("CONFIG_CHANGES_ALARM_EXIT_ZERO", "true")
    monkeypatch.setenv("CONFIG_CHANGES_ALARM_HELP", "1")
    assert main(["replay", NOT_VERIFIED]) == 0
    assert "tests it" in capsys.readouterr().out
    assert (folder / "verdict.csv").exists()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("regions = 'x'", "regions is not known, expected one of "),
        ("[evaluate]\nregions = 'x'", "[evaluate] regions is not known, expected one of "),
        ("evaluate = 1", "evaluate is a command: expected a table of its options"),
        ("region = ''", "region: expected text"),
        ("region = ['a', 'b']", "region: expected text"),
        ("quiet = 'yes'", "quiet: expected true or false"),
        ("control = [1.5]", "control: expected text"),
        ("config = 'x'", "config is not known"),
        ("region", "cannot read .config-changes-alarm.toml: "),
    ],
)
def test_what_is_wrong_in_the_file_is_one_sentence(
    text: str, sentence: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    configured(folder, text)
    assert main(["replay", COMPLIANT]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith("config-changes-alarm: ")
    assert ".config-changes-alarm.toml" in output.err
    assert sentence in output.err
    assert output.err.count("\n") == 1


def test_a_file_that_is_named_must_be_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", COMPLIANT, "--config", "nowhere.toml"]) == 2
    assert capsys.readouterr().err == "config-changes-alarm: cannot read nowhere.toml: No such file or directory\n"


# --------------------------------------------------------------------------- what is typed


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["evaluate", "--region", "eu-west-1", "--region", "eu-central-1"], "--region is given 2 times"),
        (["explain-pattern", "x", "--control", "a", "--control", "b"], "--control is given 2 times"),
        (["evaluate", "--parameter", "Control=a", "--parameter", "Control=b"], "--parameter Control is given twice"),
        (["evaluate", "--organization", ""], "the value of --organization is empty"),
        (["evaluate", "--region="], "the value of --region is empty"),
        (["evaluate", "--profile", "a", "--profile", ""], "the value of --profile is empty"),
        (["evaluate", "--record", ""], "the value of --record is empty"),
        (["explain-pattern", "x", "--required", ""], "the value of --required is empty"),
    ],
)
def test_what_would_be_passed_over_is_refused(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two Regions are not one, and what a script's variable does not hold is not the default."""
    assert main(arguments) == 2
    output = capsys.readouterr()
    assert (output.out, output.err.count("\n")) == ("", 1)
    assert output.err.startswith(f"config-changes-alarm: {sentence}; see config-changes-alarm {arguments[0]} --help")

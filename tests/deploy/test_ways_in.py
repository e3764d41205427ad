"""The ways that wrap the stack: Terraform, CDK, Control Tower's customizations, the Landing Zone Accelerator.

`make test-deploy` brings CDK where there is npm. Terraform and its provider are tried where they are there;
`TF_CLI_ARGS_init=-plugin-dir=...` names a folder with the provider. Otherwise the files are compared with the template,
and the tests say that they were skipped.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml
from jsonschema import Draft202012Validator

from demo.embedded_aws import REGION, embedded_aws
from deploy.package import write
from deploy.terraform import OF_THE_PACKAGES, variable_name

from .cloudformation import whole_cloudformation
from .test_templates import loaded, stack

ROOT = Path(__file__).parents[2]
MODULE = ROOT / "deploy/terraform"
DEPLOYING = (ROOT / "docs/deploying.md").read_text()

# --------------------------------------------------------------------------- Terraform


def declared_variables() -> dict[str, str]:
    """Each variable with its body."""
    text = (MODULE / "variables.tf").read_text()
    return dict(re.findall(r'^variable "(\w+)" \{\n(.*?)^\}', text, re.MULTILINE | re.DOTALL))


def test_every_parameter_of_the_stack_is_a_variable_with_its_default_and_is_handed_over() -> None:
    parameters = {
        name: each for name, each in stack("single-account")["Parameters"].items() if name not in OF_THE_PACKAGES
    }
    variables = declared_variables()
    assert list(variables) == [variable_name(name) for name in parameters]
    handed = dict(re.findall(r"^    (\w+) += var\.(\w+)$", (MODULE / "variables.tf").read_text(), re.MULTILINE))
    assert handed == {name: variable_name(name) for name in parameters}
    for name, each in parameters.items():
        (default,) = re.findall(r"default +=(.*)", variables[variable_name(name)])
        assert json.loads(default.replace("$${", "${")) == each["Default"]


@pytest.fixture
def terraform(tmp_path: Path) -> Any:
    """Runs it on a copy of the module and of what it names."""
    binary = shutil.which("terraform") or shutil.which("tofu")
    if binary is None:
        pytest.skip("neither terraform nor tofu is installed")
    shutil.copytree(MODULE, tmp_path / "deploy/terraform")
    shutil.copy(ROOT / "deploy/single-account.yaml", tmp_path / "deploy")
    for name in ("ConfigChangesAlarmRule", "layer"):
        write(tmp_path / f"dist/{name}.zip", {"a.py": b""})

    def run(*arguments: str, folder: Path = tmp_path) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1"}
        return subprocess.run(
            [binary, *arguments], cwd=folder, capture_output=True, text=True, env=environment, timeout=300
        )

    return run


@pytest.mark.built
def test_the_module_is_formatted(terraform: Any, tmp_path: Path) -> None:
    formatted = terraform("fmt", "-check", "-diff", "-recursive", folder=tmp_path / "deploy/terraform")
    assert (formatted.returncode, formatted.stdout) == (0, "")


EMBEDDED = """
provider "aws" {{
  region                      = "{region}"
  access_key                  = "embedded"
  secret_key                  = "embedded"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
  s3_use_path_style           = true
  endpoints {{
    cloudformation = "{endpoint}"
    s3             = "{endpoint}"
    sts            = "{endpoint}"
  }}
}}

module "rule" {{
  source            = "./deploy/terraform"
  code_bucket       = "code"
  max_rearm_seconds = "3600"
  architecture      = "arm64"
  tags              = {{ team = "security" }}
}}
"""


@pytest.mark.built
def test_the_module_is_valid_and_makes_the_rule(terraform: Any, tmp_path: Path) -> None:
    with whole_cloudformation(), embedded_aws() as aws:
        boto3.client("s3").create_bucket(Bucket="code")
        (tmp_path / "main.tf").write_text(EMBEDDED.format(region=REGION, endpoint=aws.endpoint))
        ready = terraform("init", "-backend=false", "-input=false", "-no-color")
        if ready.returncode:
            pytest.skip(f"the provider hashicorp/aws cannot be had: {ready.stderr.strip()[:200]}")
        assert terraform("validate", "-no-color").returncode == 0
        applied = terraform("apply", "-auto-approve", "-input=false", "-no-color")
        assert applied.returncode == 0, applied.stderr
        (rule,) = boto3.client("config").describe_config_rules()["ConfigRules"]
        assert json.loads(rule["InputParameters"])["MaxRearmSeconds"] == "3600"
        keys = {each["Key"] for each in boto3.client("s3").list_objects_v2(Bucket="code")["Contents"]}
        assert all(
            re.fullmatch(r"ConfigChangesAlarmRule/(ConfigChangesAlarmRule|layer)-[0-9a-f]{16}\.zip", k) for k in keys
        )
        again = terraform("plan", "-detailed-exitcode", "-input=false", "-no-color")
        assert again.returncode in (0, 2), again.stderr


# --------------------------------------------------------------------------- CDK

CDK = ROOT / "build/cdk"


@pytest.mark.built
def test_the_three_lines_of_cdk_include_the_whole_stack(tmp_path: Path) -> None:
    if not (CDK / "node_modules/aws-cdk-lib").exists() or shutil.which("node") is None:
        pytest.skip("CDK is not there: make test-deploy brings it where there is npm")
    (lines,) = re.findall(r"^```js\n(.*?)^```", DEPLOYING, re.MULTILINE | re.DOTALL)
    (tmp_path / "program.js").write_text(
        "const { App, Stack, LegacyStackSynthesizer } = require('aws-cdk-lib');\n"
        "const stack = new Stack(new App(), 'Deployed', { synthesizer: new LegacyStackSynthesizer() });\n"
        f"{lines}"
        "console.log(JSON.stringify(stack.node.root.synth().getStackByName('Deployed').template));\n"
    )
    made = subprocess.run(
        ["node", str(tmp_path / "program.js")], cwd=ROOT, capture_output=True, text=True,
        env={**os.environ, "NODE_PATH": str(CDK / "node_modules")},
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    template = json.loads(made.stdout)
    ours = stack("single-account")
    assert set(template["Resources"]) == set(ours["Resources"])
    assert template["Resources"]["Function"]["Properties"]["Code"] == {
        "S3Bucket": "my-code-bucket",
        "S3Key": "CODE_KEY",
    }
    assert set(template["Parameters"]) == set(ours["Parameters"]) - set(OF_THE_PACKAGES)


# --------------------------------------------------------------------------- landing zones

SCHEMAS: dict[str, Any] = json.loads((Path(__file__).parent / "landing_zones.json").read_text())
LANDING_ZONES = ("control-tower-manifest", "accelerator-customizations-config")


def landing_zone(name: str) -> Any:
    text = (ROOT / f"deploy/landing-zones/{name}.yaml").read_text()
    return json.loads(json.dumps(yaml.safe_load(text), default=str))  # a version of Control Tower's is a date


def stack_sets(name: str) -> list[tuple[str, dict[str, str], list[str]]]:
    """Template, parameters and capabilities of each, in their order."""
    content = landing_zone(name)
    if name == "control-tower-manifest":
        return [
            (
                each["resource_file"],
                {given["parameter_key"]: given["parameter_value"] for given in each.get("parameters", ())},
                [],
            )
            for each in content["resources"]
        ]
    return [
        (
            each["template"],
            {given["name"]: given["value"] for given in each.get("parameters", ())},
            each.get("capabilities", []),
        )
        for each in content["customizations"]["cloudFormationStackSets"]
    ]


@pytest.mark.parametrize("name", LANDING_ZONES)
def test_a_landing_zone_s_configuration_is_as_its_schema_says(name: str) -> None:
    assert [error.message for error in Draft202012Validator(SCHEMAS[name]).iter_errors(landing_zone(name))] == []


@pytest.mark.parametrize("name", LANDING_ZONES)
def test_a_landing_zone_deploys_the_roles_first_and_gives_every_parameter_that_has_to_be_given(name: str) -> None:
    sets = stack_sets(name)
    assert [template for template, _, _ in sets] == [
        "remediation/automation-role.yaml",
        "remediation/stack.yaml",
        "deploy/single-account.yaml",
    ]
    for template, given, _ in sets:
        parameters = loaded(template)["Parameters"]
        assert set(given) <= set(parameters), template
        assert {each for each, described in parameters.items() if "Default" not in described} <= set(given)


def test_the_accelerator_is_told_of_named_roles() -> None:
    for template, _, capabilities in stack_sets("accelerator-customizations-config"):
        named = "RoleName" in (ROOT / template).read_text() and "AWS::IAM::Role" in (ROOT / template).read_text()
        assert ("CAPABILITY_NAMED_IAM" in capabilities) is named, template

"""The page `docs/parameters.md`: what the rule takes, from the code that reads it."""

from __future__ import annotations

from config_changes_alarm.requirement import PARAMETERS, Parameter

__all__ = ["parameters_page"]

_INTRODUCTION = """\
# Parameters

This page is made by `make docs` from the rule's own list of parameters. All of them are optional; an empty value
means the default. AWS Config hands them over as text, in the rule's InputParameters (together at most 1,024
characters); `config-changes-alarm evaluate --parameter NAME=VALUE` takes the same.

A parameter that is unknown or malformed leads to no verdict on the chain: the account is NON_COMPLIANT with an
annotation that begins with "Cannot evaluate" and names the parameter, its value and what it takes.

| parameter | default | what it says |
| --- | --- | --- |
"""

_CHOICES = """
## Which to choose

- **More events.** The control's four calls are the default. `DeleteConfigurationRecorder` and
  `DisassociateResourceTypes` reduce what is recorded without any of the four: `AdditionalEventNames` adds them. Put
  them into a filter of their own where another tool compares the control's filter with its text.
- **Another control.** `Control` names any of the fifteen monitoring controls ([controls](controls.md)). A control that
  is named by its number asks what that version of the benchmark asks: `CIS-4.0/4.10` does not know
  `ModifySecurityGroupRules`, which version 5.0 added. `RequiredFilterPattern` is for anything else. The very pattern
  that a benchmark published for a control is that control.
- **One team's topics.** `TopicArns` lets only these topics count, so that an alarm that reaches others is not enough.
- **Organizations.** An organization trail's log group lies in another account. With `LogGroupAccountRoleName` it is
  read; without it `UnverifiableAccount` is the verdict. It is never COMPLIANT unread. The same role is assumed in the
  accounts of topics, keys, subscriptions, queues and functions. `UnverifiableAccount` does not speak for these: an
  account whose own alarm notifies a topic that may not be read has something to show, and it is NON_COMPLIANT until it
  does.
- **Routine events.** A filter that matches reads and deliveries keeps its alarm in ALARM, and actions run only when the
  state changes. `AllowRoutineMatches` takes that risk; it is for accounts where such an alarm is known to come back.
"""


def parameters_page() -> str:
    """In Markdown."""
    return _INTRODUCTION + "".join(_row(parameter) for parameter in PARAMETERS) + _CHOICES


def _row(parameter: Parameter) -> str:
    default = f"`{parameter.default}`" if parameter.default else parameter.otherwise
    return f"| `{parameter.name}` | {default} | {parameter.description} |\n"

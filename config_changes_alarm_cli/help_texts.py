"""What `--help` teaches of each command: what it does, its exit statuses, examples, and the rule's parameters.

Click wraps the paragraphs of a text, but for those that begin with a line of backslash and b.
"""

from __future__ import annotations

import textwrap

from config_changes_alarm.requirement import PARAMETERS

__all__ = [
    "ASK_AWS",
    "ASK_AWS_EXAMPLES",
    "COMPLETION",
    "EVALUATE",
    "EXPLAIN",
    "EXPLAIN_EXAMPLES",
    "MATCH",
    "MATCH_EXAMPLES",
    "PLAN",
    "REPLAY",
    "evaluate_examples",
    "plan_examples",
]

EVALUATE = """\
Follows the chain trail -> log group -> metric filter -> alarm -> topic ->
subscription in an account, read-only, and says whether somebody would be told
if AWS Config were changed.

Several controls are judged from one read of the account.

Exit status: 0 COMPLIANT, 1 NON_COMPLIANT, 2 could not evaluate,
3 NOT_APPLICABLE, 4 NON_COMPLIANT only because something could not be verified.
Of several accounts or controls the worst: 2, then 1, 4, 0; 3 if none is
applicable. What --exceptions accepts is not counted. A crash is 70, a closed
pipe 141.
"""
_EVALUATE_EXAMPLES = """\
\b
examples:
  config-changes-alarm evaluate --profile production --region eu-west-1
  config-changes-alarm evaluate --format html --output chain.html
  config-changes-alarm evaluate --format text --format html=chain.html
  config-changes-alarm evaluate --parameter MaxRearmSeconds=3600
  config-changes-alarm evaluate --control all
  config-changes-alarm evaluate --control root-usage --control CIS-5.0/4.4
  config-changes-alarm evaluate --profile production --profile staging
  config-changes-alarm evaluate --profile management --organization AuditRole
  config-changes-alarm evaluate --record evaluation.json --redact
  config-changes-alarm evaluate --exceptions exceptions.toml

\b
rule parameters, for --parameter:
"""
PLAN = """\
Follows the chain trail -> log group -> metric filter -> alarm -> topic ->
subscription in what a Terraform or OpenTofu plan would leave, and says whether
somebody would be told if AWS Config were changed. PLAN is what
`terraform show -json` prints, or - for standard input. No account is read.

What a plan cannot know is assumed and listed: that somebody confirms, that the
trail delivers, and which resource a value comes from that is known only after
apply. Where that may be another one, it is not verified.

Exit status: 0 would be COMPLIANT, 1 NON_COMPLIANT, 2 could not be judged,
3 NOT_APPLICABLE, 4 NON_COMPLIANT only because something could not be verified.
Of several controls the worst: 1, then 4, 0; 3 if none is applicable.
"""
_PLAN_EXAMPLES = """\
\b
examples:
  terraform plan -out plan.out && terraform show -json plan.out > plan.json
  config-changes-alarm plan plan.json
  config-changes-alarm plan plan.json --control all
  config-changes-alarm plan plan.json --format markdown --output report.md
  config-changes-alarm plan plan.json --assume-trail aws-controltower/CloudTrailLogs
  tofu show -json plan.out | config-changes-alarm plan -

\b
rule parameters, for --parameter:
"""
REPLAY = """\
Evaluates again what `evaluate --record` has saved, on any machine and without
AWS. This is how a wrong verdict is reported. FILE may be - for standard input.

Exit status: 0 COMPLIANT, 1 NON_COMPLIANT, 2 could not evaluate,
3 NOT_APPLICABLE, 4 NON_COMPLIANT only because something could not be verified.
What --exceptions accepts is not counted. A crash is 70, a closed pipe 141.
"""
EXPLAIN = """\
Says for each required event whether filter patterns match it always, only
sometimes (and when) or never, and shows a CloudTrail record that they miss. It
decides over all records; it does not try samples. Several patterns count
together, as metric filters with one metric do.

Too broad is a pattern that matches routine events too: they keep the alarm in
ALARM, and nobody is told of a change. PATTERN may be - for standard input.

Exit status: 0 covered, 1 missed or too broad, 2 invalid pattern, undecided or
no pattern at all.
"""
EXPLAIN_EXAMPLES = """\
\b
examples:
  config-changes-alarm explain-pattern '{ $.eventName = PutConfigurationRecorder }'
  config-changes-alarm explain-pattern '{ $.eventName = Put* }' '{ $.eventName = Delete* }'
  config-changes-alarm explain-pattern --control root-usage '{ $.userIdentity.type = "Root" }'
  config-changes-alarm explain-pattern --account 123456789012 '{ $.recipientAccountId = "123456789012" && ... }'
  aws logs describe-metric-filters --filter-name-prefix config --query 'metricFilters[0].filterPattern' \\
      --output text | config-changes-alarm explain-pattern -
"""
MATCH = """\
Says whether CloudWatch Logs would match a log event with a filter pattern, as far
as AWS documents it. PATTERN or MESSAGE may be - for standard input.

Exit status: 0 matches, 1 does not match, 2 invalid pattern or not documented by AWS.
"""
MATCH_EXAMPLES = """\
\b
examples:
  config-changes-alarm match '{ $.eventName = Put* }' '{"eventName": "PutDeliveryChannel"}'
  config-changes-alarm match '{ $.eventName = Put* }' - < record.json
"""
ASK_AWS = """\
Puts this program's own examples of filter patterns, and probes of what AWS does
not document, to logs:TestMetricFilter in an account of yours, and says where AWS
answers otherwise. Read-only; it takes a minute or two, and names no account.

Exit status: 0 AWS answers as is expected, 1 something differs, 2 could not ask.
"""
ASK_AWS_EXAMPLES = """\
\b
examples:
  config-changes-alarm ask-aws --profile sandbox --region eu-west-1
  config-changes-alarm ask-aws --format json --output answers.json
"""
COMPLETION = """\
Prints a script that completes this program's commands, options, profiles and
files in a shell: bash, zsh or fish.

\b
  eval "$(config-changes-alarm completion bash)"
  eval "$(config-changes-alarm completion zsh)"
  config-changes-alarm completion fish | source
"""

_DEEP = " " * 6


def evaluate_examples() -> str:
    """The examples, and the rule's parameters."""
    return _EVALUATE_EXAMPLES + _parameters()


def plan_examples() -> str:
    """The same of `plan`."""
    return _PLAN_EXAMPLES + _parameters()


def _parameters() -> str:
    lines = [
        f"  {parameter.name}\n"
        + textwrap.fill(parameter.description, 76, initial_indent=_DEEP, subsequent_indent=_DEEP)
        for parameter in PARAMETERS
        if not parameter.description.startswith("rdklib:")
    ]
    return "\n".join(lines)

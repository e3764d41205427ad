"""What a Terraform or OpenTofu plan would leave in an account, judged before it is deployed.

    plan = read_plan(content)
    judge(plan, [Requirement.parse({})], now)

    document      what `terraform show -json` prints, as values
    references    which resources an expression names, through modules and their inputs and outputs
    places        in which account and Region a resource lies
    attributes    what is planned, and what stands for what is known only after apply
    policies      the policies that are known only after apply, put together from their statements
    logs, alarms, topics    the planned resources as AWS would answer about them
    unplanned     the answer to what a plan does not say
    source        all of it behind the account's one door
    judgement     the rule's own walk over it, and what is assumed

What a plan cannot know (somebody confirms, the trail delivers, no alarm is held) is assumed and listed. A value that is
known only after apply is taken from the one resource that the configuration names for it, and that is listed too;
where it may be another one, it is unknown and proves nothing.

May import everything of `config_changes_alarm`; reads no account, and knows nothing of formats.
"""

from .document import MalformedPlan, Plan, read_plan
from .judgement import Assumption, PlannedAssessment, judge
from .places import Told, UnknownPlace
from .source import Granted
from .unplanned import is_unplanned

__all__ = [
    "Assumption",
    "Granted",
    "MalformedPlan",
    "Plan",
    "PlannedAssessment",
    "Told",
    "UnknownPlace",
    "is_unplanned",
    "judge",
    "read_plan",
]

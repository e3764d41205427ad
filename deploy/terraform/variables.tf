# Made by `make templates` from deploy/*.py: permissions, parameters and defaults are those of the code.

variable "rule_name" {
  description = "Name of the rule, the function and, with the Region, the function's role."
  type        = string
  default     = "ConfigChangesAlarmRule"
}

variable "runtime" {
  description = "The function's Lambda runtime. The same packages run on each."
  type        = string
  default     = "python3.13"
}

variable "architecture" {
  description = "The function's processor. The same packages run on both."
  type        = string
  default     = "x86_64"
}

variable "maximum_execution_frequency" {
  description = "How often the rule evaluates, beside changes of trails, alarms and topics."
  type        = string
  default     = "TwentyFour_Hours"
}

variable "alarm_topic_arn" {
  description = "SNS topic to tell when the rule itself fails or stops. Empty: only the alarms show."
  type        = string
  default     = ""
}

variable "failure_destination_arn" {
  description = "SNS topic or SQS queue that is told of each evaluation that Lambda gave up. Empty: none."
  type        = string
  default     = ""
}

variable "reserved_concurrency" {
  description = "How many evaluations may run at a time. Empty: as many as the account allows."
  type        = string
  default     = ""
}

variable "log_retention_in_days" {
  description = "How long the function's log is kept."
  type        = number
  default     = 90
}

variable "log_group_key_arn" {
  description = "KMS key for the function's log; its policy has to admit CloudWatch Logs. Empty: AWS's own."
  type        = string
  default     = ""
}

variable "role_path" {
  description = "Path of the role. Where another role or rule names this one, the path belongs to its name."
  type        = string
  default     = "/"
}

variable "permissions_boundary_arn" {
  description = "Policy that bounds what the role may do. Empty: none."
  type        = string
  default     = ""
}

variable "make_rule" {
  description = "false makes the function alone, for conformance packs that hold the rule."
  type        = string
  default     = "true"
}

variable "change_triggers" {
  description = "Whether changes of trails, alarms and topics lead to an evaluation at once. Each is paid for: false where scaling makes alarms anew all the time."
  type        = string
  default     = "true"
}

variable "control" {
  description = "The monitoring control to prove: its id such as root-usage, its number in a version of CIS AWS Foundations such as CIS-5.0/4.9, Security Hub's id such as CloudWatch.9, or the name of its entry in AWS's conformance packs. Empty: aws-config-changes. Not together with RequiredFilterPattern."
  type        = string
  default     = ""
}

variable "required_filter_pattern" {
  description = "Instead of Control: the events somebody must be told about, as a CloudWatch Logs filter pattern."
  type        = string
  default     = ""
}

variable "additional_event_names" {
  description = "More calls that must be covered, separated by commas, of the control's service; of AWS Config where RequiredFilterPattern is given. Recommended for AWS Config: DeleteConfigurationRecorder,DisassociateResourceTypes."
  type        = string
  default     = ""
}

variable "include_failed_calls" {
  description = "Whether calls that failed, and so changed nothing, must be covered too: true or false. Empty: as the control asks; false where RequiredFilterPattern is given."
  type        = string
  default     = ""
}

variable "topic_arns" {
  description = "Only these SNS topics count, separated by commas. Empty: any topic."
  type        = string
  default     = ""
}

variable "log_group_account_role_name" {
  description = "Role to assume in other accounts: of an organization trail's log group, and of topics, keys and subscribers. Empty: what other accounts do not show of themselves is not read."
  type        = string
  default     = ""
}

variable "unverifiable_account" {
  description = "The verdict when the log group lies in another account that cannot be read: NON_COMPLIANT or NOT_APPLICABLE. Not for topics, keys and subscriptions of other accounts: unread, they leave it NON_COMPLIANT."
  type        = string
  default     = "NON_COMPLIANT"
}

variable "allow_routine_matches" {
  description = "Whether a filter that also matches routine events counts: true or false."
  type        = string
  default     = "false"
}

variable "max_rearm_seconds" {
  description = "An alarm that stays in ALARM longer than this after one event does not count: 60 to 604800 seconds."
  type        = string
  default     = "86400"
}

variable "execution_role_name" {
  description = "rdklib: the role to evaluate with, instead of AWS Config's own."
  type        = string
  default     = ""
}

variable "execution_role_region" {
  description = "rdklib: the Region to evaluate in."
  type        = string
  default     = ""
}

variable "assume_role_mode" {
  description = "rdklib: false evaluates with the Lambda function's own role: true or false."
  type        = string
  default     = "false"
}

variable "remediation_document" {
  description = "Name of the runbook that mends what the rule finds broken. Empty: off."
  type        = string
  default     = ""
}

variable "remediation_automatic" {
  description = "Whether AWS Config runs it by itself. Needs RemediationEndpoint or RemediationTopicArn."
  type        = string
  default     = "false"
}

variable "remediation_role_name" {
  description = "The role that the runbook works with (AutomationAssumeRole)."
  type        = string
  default     = "ConfigChangesAlarmRule-Remediation"
}

variable "remediation_endpoint" {
  description = "E-mail address that the runbook subscribes. Empty: nobody is subscribed."
  type        = string
  default     = ""
}

variable "remediation_topic_arn" {
  description = "The topic that the alarm shall notify. Empty: the runbook makes one."
  type        = string
  default     = ""
}

variable "remediation_name" {
  description = "Name of the topic, the metric's namespace, the filter and the alarm that it makes."
  type        = string
  default     = "ConfigChangesAlarmRule"
}

variable "remediation_kms_key_arn" {
  description = "Customer managed key for the topic that it makes. Empty: the topic is not encrypted."
  type        = string
  default     = ""
}

locals {
  parameters = {
    RuleName                  = var.rule_name
    Runtime                   = var.runtime
    Architecture              = var.architecture
    MaximumExecutionFrequency = var.maximum_execution_frequency
    AlarmTopicArn             = var.alarm_topic_arn
    FailureDestinationArn     = var.failure_destination_arn
    ReservedConcurrency       = var.reserved_concurrency
    LogRetentionInDays        = var.log_retention_in_days
    LogGroupKeyArn            = var.log_group_key_arn
    RolePath                  = var.role_path
    PermissionsBoundaryArn    = var.permissions_boundary_arn
    MakeRule                  = var.make_rule
    ChangeTriggers            = var.change_triggers
    Control                   = var.control
    RequiredFilterPattern     = var.required_filter_pattern
    AdditionalEventNames      = var.additional_event_names
    IncludeFailedCalls        = var.include_failed_calls
    TopicArns                 = var.topic_arns
    LogGroupAccountRoleName   = var.log_group_account_role_name
    UnverifiableAccount       = var.unverifiable_account
    AllowRoutineMatches       = var.allow_routine_matches
    MaxRearmSeconds           = var.max_rearm_seconds
    ExecutionRoleName         = var.execution_role_name
    ExecutionRoleRegion       = var.execution_role_region
    AssumeRoleMode            = var.assume_role_mode
    RemediationDocument       = var.remediation_document
    RemediationAutomatic      = var.remediation_automatic
    RemediationRoleName       = var.remediation_role_name
    RemediationEndpoint       = var.remediation_endpoint
    RemediationTopicArn       = var.remediation_topic_arn
    RemediationName           = var.remediation_name
    RemediationKmsKeyArn      = var.remediation_kms_key_arn
  }
}

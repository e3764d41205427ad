variable "log_group_name" {}

variable "topic_arn" {
  default = null
}

variable "key_id" {
  default = null
}

data "aws_caller_identity" "current" {}

locals {
  make_key  = var.key_id == null
  topic_arn = var.topic_arn == null ? aws_sns_topic.this[0].arn : var.topic_arn
  endpoints = distinct(compact([local.topic_arn]))
}

module "key" {
  count      = local.make_key ? 1 : 0
  source     = "../key"
  account_id = data.aws_caller_identity.current.account_id
}

resource "aws_sns_topic" "this" {
  count             = 1
  name              = "breach"
  kms_master_key_id = local.make_key ? module.key[0].key_id : var.key_id
}

resource "aws_cloudwatch_log_metric_filter" "this" {
  name           = "ConfigChanges"
  pattern        = "{ ($.eventSource = config.amazonaws.com) && (($.eventName=StopConfigurationRecorder)||($.eventName=DeleteDeliveryChannel)||($.eventName=PutDeliveryChannel)||($.eventName=PutConfigurationRecorder)) }"
  log_group_name = var.log_group_name

  metric_transformation {
    name      = "ConfigChanges"
    namespace = "CIS"
    value     = "1"
  }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  alarm_name          = "ConfigChanges"
  metric_name         = "ConfigChanges"
  namespace           = "CIS"
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.endpoints
}

output "topic_arn" {
  value = local.topic_arn
}

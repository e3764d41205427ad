# Alarms for a log group and a topic that lie in another configuration.

provider "aws" {
  region = var.region
}

variable "region" {
  default = "eu-west-1"
}

variable "topic_arn" {
  default = "arn:aws:sns:eu-west-1:123456789012:security"
}

resource "aws_cloudwatch_log_metric_filter" "config" {
  name           = "ConfigChanges"
  pattern        = "{ ($.eventSource = config.amazonaws.com) && (($.eventName=StopConfigurationRecorder)||($.eventName=DeleteDeliveryChannel)||($.eventName=PutDeliveryChannel)||($.eventName=PutConfigurationRecorder)) }"
  log_group_name = "aws-controltower/CloudTrailLogs"

  metric_transformation {
    name      = "ConfigChanges"
    namespace = "CIS"
    value     = "1"
  }
}

resource "aws_cloudwatch_metric_alarm" "config" {
  alarm_name          = "ConfigChanges"
  metric_name         = "ConfigChanges"
  namespace           = "CIS"
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [var.topic_arn]
}

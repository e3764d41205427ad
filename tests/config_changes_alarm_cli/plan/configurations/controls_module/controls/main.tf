variable "log_group_name" {
  type = string
}

variable "alarm_actions" {
  type = list(string)
}

locals {
  controls = {
    ConfigChanges = {
      pattern = "{ ($.eventSource = config.amazonaws.com) && (($.eventName=StopConfigurationRecorder)||($.eventName=DeleteDeliveryChannel)||($.eventName=PutDeliveryChannel)||($.eventName=PutConfigurationRecorder)) }"
    }
    RootUsage = {
      pattern = "{ $.userIdentity.type = \"Root\" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != \"AwsServiceEvent\" }"
    }
  }
}

resource "aws_cloudwatch_log_metric_filter" "this" {
  for_each       = local.controls
  name           = "cis-${each.key}"
  pattern        = each.value.pattern
  log_group_name = lookup(each.value, "log_group_name", var.log_group_name)

  metric_transformation {
    name          = "cis-${each.key}"
    namespace     = "CIS"
    value         = 1
    default_value = 0
  }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each                              = local.controls
  alarm_name                            = "cis-${each.key}"
  metric_name                           = aws_cloudwatch_log_metric_filter.this[each.key].id
  namespace                             = lookup(each.value, "namespace", "CIS")
  statistic                             = lookup(each.value, "statistic", "Sum")
  period                                = lookup(each.value, "period", 300)
  evaluation_periods                    = 1
  threshold                             = 1
  comparison_operator                   = "GreaterThanOrEqualToThreshold"
  treat_missing_data                    = "notBreaching"
  alarm_actions                         = lookup(each.value, "alarm_actions", var.alarm_actions)
  evaluate_low_sample_count_percentiles = lookup(each.value, "evaluate_low_sample_count_percentiles", null)
}

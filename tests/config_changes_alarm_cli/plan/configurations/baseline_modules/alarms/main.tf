variable "log_group_name" {}

variable "account_id" {}

resource "aws_sns_topic" "alarms" {
  name = "CISAlarm"
}

data "aws_iam_policy_document" "alarms" {
  statement {
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.alarms.arn]
    principals {
      type        = "Service"
      identifiers = ["cloudwatch.amazonaws.com"]
    }
    condition {
      test     = "ArnLike"
      variable = "AWS:SourceArn"
      values   = ["arn:aws:cloudwatch:eu-west-1:${var.account_id}:alarm:*"]
    }
  }
}

resource "aws_sns_topic_policy" "alarms" {
  arn    = aws_sns_topic.alarms.arn
  policy = data.aws_iam_policy_document.alarms.json
}

resource "aws_cloudwatch_log_metric_filter" "config_changes" {
  count          = 1
  name           = "ConfigChanges"
  pattern        = "{ ($.eventSource = config.amazonaws.com) && (($.eventName=StopConfigurationRecorder)||($.eventName=DeleteDeliveryChannel)||($.eventName=PutDeliveryChannel)||($.eventName=PutConfigurationRecorder)) }"
  log_group_name = var.log_group_name

  metric_transformation {
    name      = "ConfigChanges"
    namespace = "CISBenchmark"
    value     = "1"
  }
}

resource "aws_cloudwatch_metric_alarm" "config_changes" {
  count                     = 1
  alarm_name                = "ConfigChanges"
  metric_name               = aws_cloudwatch_log_metric_filter.config_changes[0].id
  namespace                 = "CISBenchmark"
  statistic                 = "Sum"
  period                    = "300"
  evaluation_periods        = "1"
  threshold                 = "1"
  comparison_operator       = "GreaterThanOrEqualToThreshold"
  treat_missing_data        = "notBreaching"
  alarm_actions             = [aws_sns_topic.alarms.arn]
  insufficient_data_actions = []
}

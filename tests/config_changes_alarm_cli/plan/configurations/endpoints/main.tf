# A queue and a function as subscribers, which have to let the topic in.

provider "aws" {
  region = "eu-west-1"
}

resource "aws_cloudwatch_log_group" "trail" {
  name = "trail"
}

resource "aws_cloudtrail" "main" {
  name                       = "main"
  s3_bucket_name             = "trails-of-everybody"
  is_multi_region_trail      = true
  cloud_watch_logs_group_arn = "${aws_cloudwatch_log_group.trail.arn}:*"
  cloud_watch_logs_role_arn  = "arn:aws:iam::123456789012:role/trail"
}

resource "aws_cloudwatch_log_metric_filter" "config" {
  name           = "ConfigChanges"
  pattern        = "{ ($.eventSource = config.amazonaws.com) && (($.eventName=StopConfigurationRecorder)||($.eventName=DeleteDeliveryChannel)||($.eventName=PutDeliveryChannel)||($.eventName=PutConfigurationRecorder)) }"
  log_group_name = aws_cloudwatch_log_group.trail.name

  metric_transformation {
    name      = "ConfigChanges"
    namespace = "CIS"
    value     = "1"
  }
}

resource "aws_cloudwatch_metric_alarm" "config" {
  alarm_name          = "config"
  metric_name         = "ConfigChanges"
  namespace           = "CIS"
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.to_queue.arn, aws_sns_topic.to_function.arn]
}

resource "aws_sns_topic" "to_queue" {
  name = "to-queue"
}

resource "aws_sns_topic" "to_function" {
  name = "to-function"
}

resource "aws_sqs_queue" "alarms" {
  name = "alarms"
}

data "aws_iam_policy_document" "queue" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.alarms.arn]
    principals {
      type        = "Service"
      identifiers = ["sns.amazonaws.com"]
    }
    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [aws_sns_topic.to_queue.arn]
    }
  }
}

resource "aws_sqs_queue_policy" "alarms" {
  queue_url = aws_sqs_queue.alarms.id
  policy    = data.aws_iam_policy_document.queue.json
}

resource "aws_sns_topic_subscription" "queue" {
  topic_arn = aws_sns_topic.to_queue.arn
  protocol  = "sqs"
  endpoint  = aws_sqs_queue.alarms.arn
}

resource "aws_lambda_function" "pager" {
  function_name = "pager"
  role          = "arn:aws:iam::123456789012:role/pager"
  runtime       = "python3.13"
  handler       = "pager.call"
  s3_bucket     = "code"
  s3_key        = "pager.zip"
}

resource "aws_lambda_permission" "topic" {
  function_name = aws_lambda_function.pager.function_name
  action        = "lambda:InvokeFunction"
  principal     = "sns.amazonaws.com"
  source_arn    = aws_sns_topic.to_function.arn
}

resource "aws_sns_topic_subscription" "function" {
  topic_arn = aws_sns_topic.to_function.arn
  protocol  = "lambda"
  endpoint  = aws_lambda_function.pager.arn
}

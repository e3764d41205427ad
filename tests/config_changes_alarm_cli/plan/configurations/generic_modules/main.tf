# Modules for anything: statements of a policy out of a variable, a topic for each shift, an alarm that is told its topic.

provider "aws" {
  region = "eu-west-1"
}

provider "aws" {
  alias  = "virginia"
  region = "us-east-1"
}

data "aws_caller_identity" "virginia" {
  provider = aws.virginia
}

resource "aws_cloudwatch_log_group" "trail" {
  provider = aws.virginia
  name     = "trail"
}

resource "aws_s3_bucket" "trails" {
  bucket_prefix = "trails-"
}

resource "aws_cloudtrail" "main" {
  provider                   = aws.virginia
  name                       = "main"
  s3_bucket_name             = aws_s3_bucket.trails.id
  is_multi_region_trail      = true
  cloud_watch_logs_group_arn = "${aws_cloudwatch_log_group.trail.arn}:*"
  cloud_watch_logs_role_arn  = "arn:aws:iam::123456789012:role/trail"

  event_selector {
    read_write_type           = "All"
    include_management_events = true

    data_resource {
      type   = "AWS::S3::Object"
      values = ["${aws_s3_bucket.trails.arn}/"]
    }
  }
}

module "topic" {
  source    = "./topic"
  for_each  = toset(["day", "night"])
  providers = { aws = aws.virginia }
  name      = each.key

  statements = {
    alarms = {
      actions    = ["sns:Publish"]
      principals = ["cloudwatch.amazonaws.com"]
      accounts   = [data.aws_caller_identity.virginia.account_id]
    }
  }
}

module "alarm" {
  source         = "./alarm"
  for_each       = module.topic
  providers      = { aws = aws.virginia }
  name           = "config-changes-${each.key}"
  topic_arn      = each.value.arn
  log_group_name = aws_cloudwatch_log_group.trail.name
}

resource "aws_cloudwatch_metric_alarm" "disk" {
  provider            = aws.virginia
  alarm_name          = "disk"
  metric_name         = "disk_used_percent"
  namespace           = "CWAgent"
  dimensions          = { InstanceId = aws_s3_bucket.trails.id }
  statistic           = "Average"
  period              = 300
  evaluation_periods  = 1
  threshold           = 90
  comparison_operator = "GreaterThanThreshold"
}

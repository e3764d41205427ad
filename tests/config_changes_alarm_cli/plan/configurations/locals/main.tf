# A module that chooses its topic in a local value, which a plan does not show, and makes a key for it in another module.

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

module "alarms" {
  source         = "./alarms"
  log_group_name = aws_cloudwatch_log_group.trail.name
}

resource "aws_sns_topic_subscription" "security" {
  topic_arn = module.alarms.topic_arn
  protocol  = "email"
  endpoint  = "security@example.com"
}

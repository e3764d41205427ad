# A module with an alarm for each control out of a map, which is given its topic and its log group.

provider "aws" {
  region = "eu-west-1"
}

module "trail" {
  source = "./trail"
}

resource "aws_sns_topic" "security" {
  name = "security"
}

resource "aws_sns_topic_subscription" "security" {
  topic_arn = aws_sns_topic.security.arn
  protocol  = "email"
  endpoint  = "security@example.com"
}

module "controls" {
  source         = "./controls"
  log_group_name = module.trail.log_group_name
  alarm_actions  = [aws_sns_topic.security.arn]
}

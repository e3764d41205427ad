resource "aws_cloudwatch_log_group" "trail" {
  count       = 1
  name_prefix = "trail-"
}

resource "aws_cloudtrail" "trail" {
  name                       = "main"
  s3_bucket_name             = "trails-of-everybody"
  is_multi_region_trail      = true
  cloud_watch_logs_group_arn = "${aws_cloudwatch_log_group.trail[0].arn}:*"
  cloud_watch_logs_role_arn  = "arn:aws:iam::123456789012:role/trail"
}

output "log_group_name" {
  value = try(aws_cloudwatch_log_group.trail[0].name, "")
}

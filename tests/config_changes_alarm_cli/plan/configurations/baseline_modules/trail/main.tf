variable "enabled" {
  default = true
}

resource "aws_cloudwatch_log_group" "events" {
  count = var.enabled ? 1 : 0
  name  = "cloudtrail-multi-region"
}

resource "aws_cloudtrail" "global" {
  name                       = "cloudtrail-multi-region"
  s3_bucket_name             = "trails-of-everybody"
  is_multi_region_trail      = true
  cloud_watch_logs_group_arn = var.enabled ? "${aws_cloudwatch_log_group.events[0].arn}:*" : null
  cloud_watch_logs_role_arn  = "arn:aws:iam::123456789012:role/trail"

  event_selector {
    read_write_type           = "All"
    include_management_events = true

    data_resource {
      type   = "AWS::S3::Object"
      values = ["arn:aws:s3"]
    }
  }
}

output "log_group" {
  value = var.enabled ? aws_cloudwatch_log_group.events[0].name : null
}

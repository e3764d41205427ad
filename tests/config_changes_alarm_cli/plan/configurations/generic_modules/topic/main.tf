terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

variable "name" {}

variable "statements" {
  type = any
}

resource "aws_sns_topic" "this" {
  count = 1
  name  = var.name
}

data "aws_iam_policy_document" "this" {
  dynamic "statement" {
    for_each = var.statements

    content {
      sid       = statement.key
      actions   = statement.value.actions
      resources = [aws_sns_topic.this[0].arn]

      principals {
        type        = "Service"
        identifiers = statement.value.principals
      }

      dynamic "condition" {
        for_each = statement.value.accounts

        content {
          test     = "StringEquals"
          variable = "aws:SourceAccount"
          values   = [condition.value]
        }
      }
    }
  }
}

resource "aws_sns_topic_policy" "this" {
  count  = 1
  arn    = aws_sns_topic.this[0].arn
  policy = data.aws_iam_policy_document.this.json
}

resource "aws_sns_topic_subscription" "this" {
  for_each  = toset(["security@example.com"])
  topic_arn = aws_sns_topic.this[0].arn
  protocol  = "email"
  endpoint  = each.value
}

output "arn" {
  value = try(aws_sns_topic.this[0].arn, null)
}

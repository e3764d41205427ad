variable "account_id" {}

data "aws_iam_policy_document" "key" {
  statement {
    actions   = ["kms:*"]
    resources = ["*"]
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::${var.account_id}:root"]
    }
  }
  statement {
    actions   = ["kms:GenerateDataKey", "kms:Decrypt"]
    resources = ["*"]
    principals {
      type        = "Service"
      identifiers = ["cloudwatch.amazonaws.com"]
    }
  }
}

resource "aws_kms_key" "this" {
  count  = 1
  policy = data.aws_iam_policy_document.key.json
}

resource "aws_kms_alias" "this" {
  count         = 1
  name          = "alias/breach"
  target_key_id = join("", aws_kms_key.this.*.id)
}

output "key_id" {
  value = join("", aws_kms_key.this.*.key_id)
}

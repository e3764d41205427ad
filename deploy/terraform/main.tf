# ConfigChangesAlarmRule in one account and Region: deploy/single-account.yaml with the packages of `make package`.
# For Terraform and OpenTofu.

terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

variable "code_bucket" {
  description = "S3 bucket of yours, in the same Region, that the packages are put into."
  type        = string
}

variable "stack_name" {
  description = "Name of the CloudFormation stack."
  type        = string
  default     = "config-changes-alarm"
}

variable "packages" {
  description = "Folder that `make package` has written."
  type        = string
  default     = null
}

variable "tags" {
  description = "For everything that is made."
  type        = map(string)
  default     = {}
}

locals {
  packages = coalesce(var.packages, "${path.module}/../../dist")
  files = {
    CodeKey  = "ConfigChangesAlarmRule"
    LayerKey = "layer"
  }
}

# A key contains the content's hash: a new package has a new key, so that the stack takes it.
resource "aws_s3_object" "package" {
  for_each = local.files

  bucket      = var.code_bucket
  key         = "ConfigChangesAlarmRule/${each.value}-${substr(filesha256("${local.packages}/${each.value}.zip"), 0, 16)}.zip"
  source      = "${local.packages}/${each.value}.zip"
  source_hash = filesha256("${local.packages}/${each.value}.zip")
  tags        = var.tags
}

resource "aws_cloudformation_stack" "rule" {
  name          = var.stack_name
  template_body = file("${path.module}/../single-account.yaml")
  capabilities  = ["CAPABILITY_NAMED_IAM"]
  tags          = var.tags
  parameters = merge(
    local.parameters,
    { CodeBucket = var.code_bucket },
    { for parameter, object in aws_s3_object.package : parameter => object.key },
  )
}

output "function_arn" {
  description = "The function, for conformance packs."
  value       = aws_cloudformation_stack.rule.outputs["FunctionArn"]
}

output "role_arn" {
  description = "The function's role, for the trust of LogGroupAccountRoleName."
  value       = aws_cloudformation_stack.rule.outputs["RoleArn"]
}

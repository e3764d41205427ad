# A baseline of modules that many accounts use: everything is there but somebody who is told.

provider "aws" {
  region = "eu-west-1"
}

data "aws_caller_identity" "current" {}

module "trail" {
  source = "./trail"
}

module "alarms" {
  source         = "./alarms"
  log_group_name = module.trail.log_group
  account_id     = data.aws_caller_identity.current.account_id
}

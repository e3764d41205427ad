"""The SSM Automation runbook that repairs what the rule finds broken, and the command that makes it."""

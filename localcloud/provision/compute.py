"""Functions with what calls them, state machines, containers."""

from __future__ import annotations

import json
import re
from typing import Any

from localcloud.errors import ProvisionError
from localcloud.functions import FunctionSpec
from localcloud.intrinsics import Created
from localcloud.provision.site import AsyncSettings, QueueMapping, Site
from localcloud.template import definition_path

_PLACEHOLDER = re.compile(r"\$\{([A-Za-z0-9]+)\}")


def function(site: Site, logical_id: str, properties: dict[str, Any]) -> Created:
    """AWS::Lambda::Function: run from the working tree by its handler string."""
    spec = FunctionSpec(
        name=site.name(logical_id, properties, "FunctionName"),
        handler=properties["Handler"],
        timeout_seconds=float(properties.get("Timeout", 3)),
        memory_mb=int(properties.get("MemorySize", 128)),
        environment={
            **{key: str(value) for key, value in properties.get("Environment", {}).get("Variables", {}).items()},
            **site.function_environment,
        },
        reserved_concurrency=properties.get("ReservedConcurrentExecutions"),
        region=site.region,
        account_id=site.account_id,
        logical_id=logical_id,
        role_arn=str(properties.get("Role", "")),
    )
    site.functions.register(spec)
    if target := properties.get("DeadLetterConfig", {}).get("TargetArn"):
        site.async_settings[spec.arn] = AsyncSettings(dead_letter_arn=target)
    return Created(spec.name, {"Arn": spec.arn})


def alias(site: Site, _logical_id: str, properties: dict[str, Any]) -> Created:
    """AWS::Lambda::Alias: another name of the only version there is."""
    return Created(f"{site.functions.find(properties['FunctionName']).arn}:{properties['Name']}")


def version(site: Site, _logical_id: str, properties: dict[str, Any]) -> Created:
    """AWS::Lambda::Version."""
    return Created(f"{site.functions.find(properties['FunctionName']).arn}:1", {"Version": "1"})


def mapping(site: Site, logical_id: str, properties: dict[str, Any]) -> Created:
    """AWS::Lambda::EventSourceMapping, from queues; streams are refused."""
    source = properties["EventSourceArn"]
    if ":sqs:" not in source:
        raise ProvisionError(f"Resources.{logical_id}: {source} is no queue; only queues are polled locally")
    if properties.get("Enabled", True) is not False:
        site.mappings.append(
            QueueMapping(
                queue_arn=source,
                function_arn=site.functions.find(properties["FunctionName"]).arn,
                batch_size=int(properties.get("BatchSize", 10)),
                window_seconds=float(properties.get("MaximumBatchingWindowInSeconds", 0)),
                reports_failures="ReportBatchItemFailures" in properties.get("FunctionResponseTypes", []),
                concurrency=int(properties.get("ScalingConfig", {}).get("MaximumConcurrency", 5)),
                filters=tuple(
                    json.loads(one["Pattern"]) for one in properties.get("FilterCriteria", {}).get("Filters", [])
                ),
            )
        )
    return Created(logical_id)


def invoke_config(site: Site, logical_id: str, properties: dict[str, Any]) -> Created:
    """AWS::Lambda::EventInvokeConfig: retries and destination of asynchronous invocations."""
    arn = site.functions.find(properties["FunctionName"]).arn
    before = site.async_settings.get(arn, AsyncSettings())
    site.async_settings[arn] = AsyncSettings(
        retries=int(properties.get("MaximumRetryAttempts", 2)),
        on_failure_arn=properties.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination"),
        dead_letter_arn=before.dead_letter_arn,
    )
    return Created(logical_id)


def state_machine(site: Site, logical_id: str, properties: dict[str, Any]) -> Created:
    """AWS::StepFunctions::StateMachine, its definition's ${Placeholders} filled in."""
    name = site.name(logical_id, properties, "StateMachineName")
    text, place = _definition(site, logical_id, properties)
    given = properties.get("DefinitionSubstitutions", {})

    def replace(match: re.Match[str]) -> str:
        if match[1] not in given:
            raise ProvisionError(f"{place}: ${{{match[1]}}} is not among {logical_id}.DefinitionSubstitutions")
        return str(given[match[1]])

    kind = properties.get("StateMachineType", "STANDARD")
    arn = site.machines.create(
        name, _PLACEHOLDER.sub(replace, text), role_arn=properties.get("RoleArn", ""), kind=kind, place=place
    )
    site.machine_names[logical_id] = name
    return Created(arn, {"Arn": arn, "Name": name, "StateMachineRevisionId": "INITIAL"})


def _definition(site: Site, logical_id: str, properties: dict[str, Any]) -> tuple[str, str]:
    """Return (text, where it is written)."""
    if location := properties.get("DefinitionS3Location"):
        path = definition_path(location)
        if path is None:
            raise ProvisionError(f"Resources.{logical_id}: the definition is in a bucket of AWS")
        try:
            return (site.project_dir / path).read_text(encoding="utf-8"), path
        except OSError as error:
            raise ProvisionError(f"{path}: {error.strerror}; Resources.{logical_id} names it") from None
    if text := properties.get("DefinitionString"):
        return str(text), f"Resources.{logical_id}.DefinitionString"
    return json.dumps(properties["Definition"]), f"Resources.{logical_id}.Definition"


def machine_version(_site: Site, _logical_id: str, properties: dict[str, Any]) -> Created:
    """AWS::StepFunctions::StateMachineVersion."""
    return Created(f"{properties['StateMachineArn']}:1", {"Arn": f"{properties['StateMachineArn']}:1"})


def machine_alias(_site: Site, _logical_id: str, properties: dict[str, Any]) -> Created:
    """AWS::StepFunctions::StateMachineAlias: stands for the machine itself, as there is one version."""
    preference = properties.get("DeploymentPreference", {})
    routes = properties.get("RoutingConfiguration", [])
    version_arn = preference.get("StateMachineVersionArn") or routes[0]["StateMachineVersionArn"]
    arn = version_arn.rpartition(":")[0]
    return Created(arn, {"Arn": arn})


def cluster(site: Site, logical_id: str, properties: dict[str, Any]) -> Created:
    """AWS::ECS::Cluster."""
    name = site.name(logical_id, properties, "ClusterName")
    return Created(name, {"Arn": site.client("ecs").create_cluster(clusterName=name)["cluster"]["clusterArn"]})


def task_definition(site: Site, logical_id: str, properties: dict[str, Any]) -> Created:
    """AWS::ECS::TaskDefinition."""
    request = _lower_first({**properties, "Family": site.name(logical_id, properties, "Family")})
    request.setdefault("containerDefinitions", [])
    arn = site.client("ecs").register_task_definition(**request)["taskDefinition"]["taskDefinitionArn"]
    return Created(arn, {"TaskDefinitionArn": arn})


def _lower_first(value: Any) -> Any:
    """Return CloudFormation's keys as the ECS API spells them: first letter small, at every depth."""
    if isinstance(value, dict):
        return {key[:1].lower() + key[1:]: _lower_first(item) for key, item in value.items()}
    return [_lower_first(item) for item in value] if isinstance(value, list) else value


CREATORS = {
    "AWS::Lambda::Function": function,
    "AWS::Lambda::Alias": alias,
    "AWS::Lambda::Version": version,
    "AWS::Lambda::EventSourceMapping": mapping,
    "AWS::Lambda::EventInvokeConfig": invoke_config,
    "AWS::StepFunctions::StateMachine": state_machine,
    "AWS::StepFunctions::StateMachineVersion": machine_version,
    "AWS::StepFunctions::StateMachineAlias": machine_alias,
    "AWS::ECS::Cluster": cluster,
    "AWS::ECS::TaskDefinition": task_definition,
}

"""The stack around the functions that `chalice deploy` makes: rooms' resources, triggers, machines, alarms.

It is the same template as the package's, translated from SAM, with Chalice's own part taken out: functions, their
roles, the layer and the API. What speaks of a function speaks of it by the name Chalice gives it,
``<app>-<stage>-<name>``. What AWS makes only for a function that exists (permissions, event source mappings, the
handling of asynchronous invocation) has the condition FunctionsExist: the stack can be made before and after.

The API is a parameter of the name that its resource has in the package, so that what speaks of it need not change.

Outputs tell what the functions must be given: SettingCampaignsTable is CAMPAIGNS_TABLE of the environment,
behind a "=", and ArnApprovalKey the ARN that policies name.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from infrastructure.errors import BuildError
from infrastructure.translate import LOCAL_BUCKET, translate

APP = "signalbox"
CONDITION = "FunctionsExist"
API = "RestAPI"
LOCAL_CONDITION = "IsLocal"
_ARN = "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:"
_WANTS_FUNCTION = {"AWS::Lambda::Permission", "AWS::Lambda::EventSourceMapping", "AWS::Lambda::EventInvokeConfig"}
_CHALICES = {"AWS::Lambda::Function", "AWS::Lambda::LayerVersion"}
_KNOWN = re.compile(r"\$\{([\w:.]+)\}")
_VARIABLE = re.compile(r"\$\{(\w+)(\.Arn)?\}")


def chalice_names(project_dir: Path) -> dict[str, str]:
    """Return logical id -> the function's name in app.py, "" for the API's."""
    from chalice.utils import to_cfn_resource_name

    config = json.loads((project_dir / ".chalice" / "config.json").read_text(encoding="utf-8"))
    names = [name for name in config["lambda_functions"] if name != "api_handler"]
    return {to_cfn_resource_name(name): name for name in names} | {"APIHandler": ""}


def template_around(sam: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """Return the CloudFormation template of everything but what `chalice deploy` makes.

    DefinitionS3Location is a path relative to the project, as ``aws cloudformation package`` takes it.

    Args:
        sam: what `build_template` returns.
        names: what `chalice_names` returns.
    """
    template = translate(sam)
    chalices = _chalices_own(template)
    resources = {
        logical_id: _by_name(resource, names)
        for logical_id, resource in template["Resources"].items()
        if logical_id not in chalices
    }
    for resource in resources.values():
        if resource["Type"] in _WANTS_FUNCTION:
            resource["Condition"] = CONDITION
        _definition_as_path(resource["Properties"])
    outputs = {
        name: output
        for name, output in template.get("Outputs", {}).items()
        if not _mentions(output, chalices | names.keys())
    }
    settings = {key: value for values in environment(sam).values() for key, value in values.items()}
    for key, value in settings.items():
        # an output may not be empty, a setting may
        outputs[setting_output(key)] = {"Value": {"Fn::Join": ["", ["=", _by_name(value, names)]]}}
    for document in policies(sam).values():
        for logical_id in sorted(_attributes(document) - names.keys()):
            outputs[arn_output(logical_id)] = {"Value": {"Fn::GetAtt": [logical_id, "Arn"]}}
    exist = {"Type": "String", "Default": "no", "AllowedValues": ["yes", "no"]}
    api = {"Type": "String", "Default": "unknown", "Description": "Id of the API that chalice deploy made"}
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "Resources, triggers and state machines around the functions that chalice deploy makes",
        "Parameters": {**template["Parameters"], CONDITION: exist, API: api},
        "Conditions": {**template.get("Conditions", {}), CONDITION: {"Fn::Equals": [{"Ref": CONDITION}, "yes"]}},
        "Resources": resources,
        "Outputs": outputs,
    }


def environment(sam: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return logical id -> settings of each function of the SAM template."""
    return {
        logical_id: resource["Properties"].get("Environment", {}).get("Variables", {})
        for logical_id, resource in sam["Resources"].items()
        if resource["Type"] == "AWS::Serverless::Function"
    }


def policies(sam: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return logical id -> policy document of each function of the SAM template."""
    resources = sam["Resources"]
    roles = {
        logical_id: resource["Properties"]["Role"]["Fn::GetAtt"][0]
        for logical_id, resource in resources.items()
        if resource["Type"] == "AWS::Serverless::Function"
    }
    return {
        logical_id: resources[role]["Properties"]["Policies"][0]["PolicyDocument"]
        for logical_id, role in roles.items()
    }


def resolve_policy(value: Any, known: dict[str, str]) -> Any:
    """Return a policy without intrinsics, as IAM takes it.

    ``known`` has the parameters and pseudo parameters by name, and ARNs by ``<logical id>.Arn``.

    Raises:
        BuildError: it speaks of something that is not known.
    """
    if isinstance(value, list):
        return [resolve_policy(item, known) for item in value]
    if not isinstance(value, dict):
        return value
    if "Fn::If" in value:
        return resolve_policy(_elsewhere(value["Fn::If"]), known)
    if not value.keys() & {"Ref", "Fn::GetAtt", "Fn::Sub"}:
        return {key: resolve_policy(inner, known) for key, inner in value.items()}
    attribute = value.get("Fn::GetAtt")
    name = ".".join(attribute) if isinstance(attribute, list) else value.get("Ref")
    text = value.get("Fn::Sub", f"${{{name}}}")
    if isinstance(text, list):
        text, own = text
        known = {**known, **resolve_policy(own, known)}
    try:
        return _KNOWN.sub(lambda found: known[found[1]], text)
    except KeyError as error:
        raise BuildError(f"a policy speaks of {error}, which is not known: {text}") from None


def _elsewhere(choice: list[Any]) -> Any:
    """Return what a Fn::If gives anywhere but on a laptop, where nothing is deployed."""
    condition, _, elsewhere = choice
    if condition != LOCAL_CONDITION:
        raise BuildError(f"a policy depends on {condition}; only {LOCAL_CONDITION} is known before the stack")
    return elsewhere


def arn_output(logical_id: str) -> str:
    """Return the output that tells the ARN of a resource which a policy names."""
    return f"Arn{logical_id}"


def setting_output(key: str) -> str:
    """Return the output that tells a setting: outputs have letters and digits only."""
    return "Setting" + key.title().replace("_", "")


def _attributes(value: Any) -> set[str]:
    """Return the logical ids whose attribute ``value`` asks for."""
    if isinstance(value, list):
        return {one for item in value for one in _attributes(item)}
    if not isinstance(value, dict):
        return set()
    attribute = value.get("Fn::GetAtt")
    own = {attribute[0]} if isinstance(attribute, list) else set()
    return own | {one for inner in value.values() for one in _attributes(inner)}


def _chalices_own(template: dict[str, Any]) -> set[str]:
    """Return the logical ids of what `chalice deploy` makes itself."""
    resources = template["Resources"]
    own = {
        logical_id
        for logical_id, resource in resources.items()
        if resource["Type"] in _CHALICES or resource["Type"].startswith("AWS::ApiGateway::")
    }
    own |= {
        resource["Properties"]["Role"]["Fn::GetAtt"][0]
        for resource in resources.values()
        if resource["Type"] == "AWS::Lambda::Function"
    }
    apis = {logical_id for logical_id in own if resources[logical_id]["Type"] == "AWS::ApiGateway::RestApi"}
    own |= {
        logical_id
        for logical_id, resource in resources.items()
        if resource["Type"] == "AWS::Lambda::Permission" and _mentions(resource, apis)
    }
    return own


def _by_name(value: Any, names: dict[str, str]) -> Any:
    """Return ``value`` with each reference to a function replaced by the name Chalice gives it."""
    if isinstance(value, list):
        return [_by_name(item, names) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get("Ref") in names:
        return {"Fn::Sub": _name(names[value["Ref"]])}
    attribute = value.get("Fn::GetAtt")
    if isinstance(attribute, list) and attribute[0] in names:
        return {"Fn::Sub": _ARN + _name(names[attribute[0]])}
    if "Fn::Sub" in value:
        sub = value["Fn::Sub"]
        text, *rest = sub if isinstance(sub, list) else [sub]
        text = _VARIABLE.sub(lambda found: _in_text(found, names), text)
        return {"Fn::Sub": [text, *_by_name(rest, names)] if rest else text}
    kept = {key: _by_name(inner, names) for key, inner in value.items()}
    if isinstance(needed := kept.get("DependsOn"), list):
        kept["DependsOn"] = [one for one in needed if one not in names]
    return kept


def _in_text(found: re.Match[str], names: dict[str, str]) -> str:
    if found[1] not in names:
        return found[0]
    return (_ARN if found[2] else "") + _name(names[found[1]])


def _name(name: str) -> str:
    return f"{APP}-${{Stage}}-{name}" if name else f"{APP}-${{Stage}}"


def _mentions(value: Any, logical_ids: set[str]) -> bool:
    """Return whether any reference in ``value`` is to one of ``logical_ids``."""
    if isinstance(value, list):
        return any(_mentions(item, logical_ids) for item in value)
    if not isinstance(value, dict):
        return False
    attribute = value.get("Fn::GetAtt")
    sub = value.get("Fn::Sub")
    text = sub[0] if isinstance(sub, list) else sub or ""
    return (
        value.get("Ref") in logical_ids
        or (isinstance(attribute, list) and attribute[0] in logical_ids)
        or any(found[1] in logical_ids for found in _VARIABLE.finditer(text))
        or any(_mentions(inner, logical_ids) for inner in value.values())
    )


def _definition_as_path(properties: dict[str, Any]) -> None:
    location = properties.get("DefinitionS3Location")
    if isinstance(location, dict) and location.get("Bucket") == LOCAL_BUCKET:
        properties["DefinitionS3Location"] = location["Key"]

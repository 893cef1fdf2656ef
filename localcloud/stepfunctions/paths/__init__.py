"""JSONPath as Step Functions reads it (Jayway's dialect), and reference paths for writing."""

from localcloud.stepfunctions.paths.parser import InvalidPath, parse_path
from localcloud.stepfunctions.paths.path import JsonPath, PathNotFound
from localcloud.stepfunctions.paths.reference import ReferencePath, parse_reference

__all__ = ["InvalidPath", "JsonPath", "PathNotFound", "ReferencePath", "parse_path", "parse_reference"]

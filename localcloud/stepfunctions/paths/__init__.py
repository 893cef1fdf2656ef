"""JSONPath as Step Functions reads it (Jayway's dialect), and reference paths for writing."""

from localcloud.stepfunctions.paths.parser import InvalidPathError, parse_path
from localcloud.stepfunctions.paths.path import JsonPath, PathNotFoundError
from localcloud.stepfunctions.paths.reference import ReferencePath, parse_reference

__all__ = ["InvalidPathError", "JsonPath", "PathNotFoundError", "ReferencePath", "parse_path", "parse_reference"]

"""The intrinsic functions of the JSONPath language: `States.Format('{} of {}', $.done, $.total)`."""

from localcloud.stepfunctions.intrinsics.call import parse_expression

__all__ = ["parse_expression"]

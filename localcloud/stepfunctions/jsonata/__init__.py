"""The JSONata language: expressions `{% ... %}`, templates of them, and AWS's own functions."""

from localcloud.stepfunctions.jsonata.query import InvalidQuery, Query, is_query, parse_query
from localcloud.stepfunctions.jsonata.template import QueryTemplate, compile_query_template

__all__ = ["InvalidQuery", "Query", "QueryTemplate", "compile_query_template", "is_query", "parse_query"]

"""The JSONata language: expressions `{% ... %}`, templates of them, and AWS's own functions."""

from localcloud.stepfunctions.jsonata.query import InvalidQueryError, Query, is_query, parse_query
from localcloud.stepfunctions.jsonata.template import QueryTemplate, compile_query_template

__all__ = ["InvalidQueryError", "Query", "QueryTemplate", "compile_query_template", "is_query", "parse_query"]

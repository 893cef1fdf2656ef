"""How the API speaks HTTP: JSON in, JSON out, and every error as problem+json (RFC 9457).

contract.py    what a route promises
answering.py   stands before each view: who, how often, what they bring, what is written down
reading.py     a request's body and query
problems.py    errors as responses
openapi.py     the API's description, made from the promises
"""

from chalicelib.core.http.answering import answering, as_problem, caller, current_request, idempotency_key
from chalicelib.core.http.problems import PROBLEM_TYPE, HttpError, problem, request_id_of, response_of
from chalicelib.core.http.reading import LARGEST_BODY_BYTES, body_as, no_body, query_as

__all__ = [
    "LARGEST_BODY_BYTES",
    "PROBLEM_TYPE",
    "HttpError",
    "answering",
    "as_problem",
    "body_as",
    "caller",
    "current_request",
    "idempotency_key",
    "no_body",
    "problem",
    "query_as",
    "request_id_of",
    "response_of",
]

"""Lambda functions, run in this process by their handler string.

spec.py         what the template says of one function
isolation.py    one process that looks to each invocation like a container of its own: environment and output
runtime.py      what the Lambda runtime does: import, call, turn an error into its payload
pool.py         `Functions`: every function by name, with its timeout, limits and concurrency
"""

from localcloud.functions.pool import Functions
from localcloud.functions.spec import FunctionSpec, InvokeError, Outcome

__all__ = ["FunctionSpec", "Functions", "InvokeError", "Outcome"]

"""AWS's quotas that an execution can run into."""

PAYLOAD_BYTES = 262_144
"""Largest input, output, result or set of arguments, in bytes of UTF-8 JSON."""
VARIABLES_BYTES = 10 * 1024 * 1024
"""All variables of an execution at once; each, and all of one Assign, at most PAYLOAD_BYTES."""
HISTORY_EVENTS = 25_000
"""Most events of a Standard execution, its last one included."""
INLINE_MAP_CONCURRENCY = 40
"""Most iterations of an inline Map under way at once."""
DISTRIBUTED_MAP_CONCURRENCY = 10_000
"""Most child executions of a Map Run under way at once."""
EXPRESS_SECONDS = 300.0
"""Longest run of an Express execution."""
STANDARD_SECONDS = 365 * 86_400.0
"""Longest run of a Standard execution."""
LONGEST_PAUSE_SECONDS = 99_999_999.0
"""Longest wait, time-out or pause before a retry; no execution lives to see its end."""
REDRIVE_SECONDS = 14 * 86_400.0
"""How long after its end an execution may be redriven."""

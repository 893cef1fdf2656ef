"""A stand-in for Amazon Athena: its API in front, DuckDB behind, over Glue's tables and S3's files.

    api.py       StartQueryExecution, GetQueryExecution, GetQueryResults, StopQueryExecution; the rest is moto's
    lake.py      Glue's tables as DuckDB's, loaded again when their files change
    dialect.py   Athena's SQL as DuckDB's
    results.py   values as Athena writes them

The application's own adapter runs unchanged. What Athena takes and DuckDB does not ends as a failed query. Queries
are done when StartQueryExecution answers; results are not written to the bucket.
"""

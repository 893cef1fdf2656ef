"""The opportunities desk: an opportunity is compared with the history of past ones, by SQL that is safe to run.

Machines   ``opportunity-analysis``; ``funding-analysis`` and ``follow-on-analysis``, alone or within the first
Doors      tasks ``clear-previous-results``, ``query-generation``, ``data-retrieval``, ``opportunity-analysis``,
           ``funding-analysis``, ``follow-on-analysis``, ``format-results``; REST routes under ``/api/analyze``;
           Slack's ``/opportunity``
Tables     ``analyses`` (one item an opportunity and kind of analysis); rows of queries in the analyses bucket;
           the sales history in Glue: ``sales_pipeline``, ``accounts``, ``products``, ``sales_teams``

What may be asked says ``data/catalogue.json``, to the model that writes SQL and to the guard that lets it through
(``adapters.sqlglot_guard``). Whether anything tells an opportunity's end says ``domain.winning``. Every claim is
made by a rule of ``domain``, stands on rows and carries its figures; a text model may only say it better
(``service.words``).
"""

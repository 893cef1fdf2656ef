"""The retail desk: uploads that add up, and a morning report.

Machines   ``upload-processor``, ``daily-analysis`` (statemachines/*.asl.json)
Doors      task ``process-upload``; event ``on-store-upload`` (S3); REST routes under ``/uploads``, ``/reports``
           and ``/sales-calendar``; tasks ``get-store-summaries``, ``calc-company-metrics``,
           ``calc-product-metrics``, ``detect-anomalies``, ``analyze-trends``, ``generate-recommendations``,
           ``combine-insights``, ``generate-report``, ``export-to-quicksight``;
           a schedule each morning; Slack ``/sales``
Tables     ``sales-reports``: reports, known events, answers (adapters/dynamo_reports.py);
           ``retail-facts``: daily facts by store and product, what became of uploads (adapters/dynamo_keys.py)
Events in  S3 Object Created under ``uploads/``
Events out SNS ``daily-reports``, ``sales-alerts``

The way of one row: ``uploading.splitting`` cuts it out of the file, ``uploading.row_reader`` checks it,
``uploading.spool`` puts it beside the others of its store and day, ``uploading.totals`` adds it up,
``uploading.writing`` writes the facts. A row that is wrong goes to ``quarantine/`` with its place and every
problem. Facts belong to the upload that made them and are added up when they are read (``domain.facts``).

The way of one morning: ``service.mornings`` reads and counts, ``service.analyzing`` finds what is unusual
(``domain.anomalies``), ``service.reporting`` writes and mails it once, ``service.exporting`` hands on the tables.
"""

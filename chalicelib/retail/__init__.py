"""The retail desk: uploads that add up, and a morning report.

Machine    ``upload-processor`` (statemachines/upload-processor.asl.json)
Doors      task ``process-upload``; event ``on-store-upload`` (S3); REST routes under ``/uploads``
Table      ``retail-facts``: daily facts by store and product, what became of uploads (adapters/dynamo_keys.py)
Events in  S3 Object Created under ``uploads/``

The way of one row: ``uploading.splitting`` cuts it out of the file, ``uploading.row_reader`` checks it,
``uploading.spool`` puts it beside the others of its store and day, ``uploading.totals`` adds it up,
``uploading.writing`` writes the facts. A row that is wrong goes to ``quarantine/`` with its place and every
problem. Facts belong to the upload that made them and are added up when they are read (``domain.facts``).
"""

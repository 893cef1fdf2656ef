"""Replays past days as if they were this morning: how many lines a week the report would have raised, and how many
injected drops it would have found.

    python -m chalicelib.retail.backtest sales.csv
    python -m chalicelib.retail.backtest sales.csv --columns store=Country,product=StockCode,day=InvoiceDate,...

The file is CSV, also gzip: a row a sale, or a row a day, store and product. A negative quantity is a return or a
cancellation; rows that are no sale are left out and counted under their reason. Without a column for stores there
is one store, without one for categories none are tried, without one for products only totals are judged.

``sales_headings`` finds the columns, ``day_forms`` and ``number_forms`` how they are written, ``sale_rows`` what a
row is, and ``sales_files`` adds up.

A day is judged by what was known before it alone. Thresholds are constants of the code, chosen on another
company's year (docs/benchmarks.md); the replay reports both halves of the days.
"""

"""Replays past days as if they were this morning: how many lines a week the report would have raised, and how many
injected drops it would have found.

    python -m chalicelib.retail.backtest sales.csv
    python -m chalicelib.retail.backtest sales.csv --columns store=Country,product=StockCode,day=InvoiceDate,...

A day is judged by what was known before it alone. Parameters were chosen on the first half of the days and are
constants of the code; the replay reports both halves.
"""

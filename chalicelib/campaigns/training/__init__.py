"""Trains the priority model: ``python -m chalicelib.campaigns.training HISTORY --out model.json``.

history.py   reads a campaign's calls (JSONL) or any CSV      measure.py   AUC, log loss, calibration
design.py    columns to a matrix, weights to a model          choose.py    settings, by validation
logistic.py  the fit                                          train.py     the whole way, and the comparison

The one room of the desk that uses numpy; nothing that ships to Lambda imports it.
"""

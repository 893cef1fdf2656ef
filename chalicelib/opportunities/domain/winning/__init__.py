"""How likely an opportunity is won, from what is known when it is created.

    levels.py     columns of any kind as levels: what a text is, in which eighth a number lies, a date's month
    logistic.py   the fit: ridge logistic regression on levels
    past.py       a history in blocks, each foretold from those before it; every fit is made once
    learning.py   which columns help later than they were learned, and whether that is more than luck

`learn` takes rows oldest first and the columns it may use. It says that there is no signal, and stays at the base
rate, unless the model beats the base rate on the latest fifth of the history, which it has not seen, by more than
two standard errors. A column that alone tells nearly every end is not believed: it is left out, and that is told.
"""

from chalicelib.opportunities.domain.winning.learning import LEAST_ROWS, TELLS_THE_END, Evidence, WinModel, learn

__all__ = ["LEAST_ROWS", "TELLS_THE_END", "Evidence", "WinModel", "learn"]

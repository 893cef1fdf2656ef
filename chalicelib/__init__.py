"""Everything of Signalbox that ships beside ``app.py``: the hall (``core``) and one room per desk."""

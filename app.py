"""The front door: registers every room's doors. No logic."""

from chalice import Chalice

app = Chalice(app_name="signalbox")

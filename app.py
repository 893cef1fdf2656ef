"""The front door: registers every room's doors. No logic."""

from chalice import Chalice

from chalicelib.campaigns import handlers as campaigns

app = Chalice(app_name="signalbox")
app.register_blueprint(campaigns.bp)

"""The front door: registers every room's doors. No logic."""

from chalice import Chalice

from chalicelib.campaigns.handlers import bp as campaigns_doors
from chalicelib.campaigns.routes import bp as campaigns_routes
from chalicelib.core.http import as_problem
from chalicelib.workflows.routes import bp as workflows_routes

app = Chalice(app_name="signalbox")
app.register_middleware(as_problem, "http")
app.register_blueprint(campaigns_doors)
app.register_blueprint(campaigns_routes)
app.register_blueprint(workflows_routes)

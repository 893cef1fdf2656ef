"""The front door: registers every room's doors. No logic."""

from chalice import Chalice

from chalicelib.approvals.handlers import bp as approvals_doors
from chalicelib.approvals.routes import bp as approvals_routes
from chalicelib.campaigns.handlers import bp as campaigns_doors
from chalicelib.campaigns.routes import bp as campaigns_routes
from chalicelib.core.access.doors import bp as access_doors
from chalicelib.core.http import as_problem
from chalicelib.fleet.handlers.contracts import bp as fleet_contracts_doors
from chalicelib.fleet.handlers.incidents import bp as fleet_incidents_doors
from chalicelib.fleet.routes.contracts import bp as fleet_contracts_routes
from chalicelib.fleet.routes.incidents import bp as fleet_incidents_routes
from chalicelib.opportunities.handlers import bp as opportunities_doors
from chalicelib.opportunities.routes import bp as opportunities_routes
from chalicelib.retail.handlers.reports import bp as retail_reports_doors
from chalicelib.retail.handlers.uploads import bp as retail_uploads_doors
from chalicelib.retail.routes.reports import bp as retail_reports_routes
from chalicelib.retail.routes.uploads import bp as retail_uploads_routes
from chalicelib.slack.handlers import bp as slack_doors
from chalicelib.slack.routes import bp as slack_routes
from chalicelib.tickets.handlers import bp as tickets_doors
from chalicelib.tickets.routes import bp as tickets_routes
from chalicelib.workflows.handlers import bp as workflows_doors
from chalicelib.workflows.routes.console import bp as console_routes
from chalicelib.workflows.routes.executions import bp as workflows_routes
from chalicelib.workflows.routes.looking import bp as looking_routes

app = Chalice(app_name="signalbox")
app.register_middleware(as_problem, "http")
app.register_blueprint(access_doors)
app.register_blueprint(approvals_doors)
app.register_blueprint(approvals_routes)
app.register_blueprint(campaigns_doors)
app.register_blueprint(campaigns_routes)
app.register_blueprint(fleet_incidents_doors)
app.register_blueprint(fleet_contracts_doors)
app.register_blueprint(fleet_incidents_routes)
app.register_blueprint(fleet_contracts_routes)
app.register_blueprint(opportunities_doors)
app.register_blueprint(opportunities_routes)
app.register_blueprint(retail_uploads_doors)
app.register_blueprint(retail_reports_doors)
app.register_blueprint(retail_uploads_routes)
app.register_blueprint(retail_reports_routes)
app.register_blueprint(slack_doors)
app.register_blueprint(slack_routes)
app.register_blueprint(tickets_doors)
app.register_blueprint(tickets_routes)
app.register_blueprint(workflows_doors)
app.register_blueprint(workflows_routes)
app.register_blueprint(looking_routes)
app.register_blueprint(console_routes)

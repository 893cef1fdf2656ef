"""The room's REST routes: incidents."""

from chalice import Blueprint

bp = Blueprint(__name__)

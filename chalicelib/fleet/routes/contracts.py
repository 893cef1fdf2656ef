"""The room's REST routes: contracts."""

from chalice import Blueprint

bp = Blueprint(__name__)

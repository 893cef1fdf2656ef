"""The room's REST routes: uploads."""

from chalice import Blueprint

bp = Blueprint(__name__)

"""The room's REST routes: reports."""

from chalice import Blueprint

bp = Blueprint(__name__)

"""The room's doors with a Lambda of their own: incidents."""

from chalice import Blueprint

bp = Blueprint(__name__)

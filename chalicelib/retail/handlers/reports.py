"""The room's doors with a Lambda of their own: reports."""

from chalice import Blueprint

bp = Blueprint(__name__)

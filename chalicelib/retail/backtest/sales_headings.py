"""Which column of a file holds what: found by the names that tills, shops and their exports use."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from chalicelib.core.errors import InvalidInputError, Problem

COLUMNS = {
    "day": (
        "date", "invoice date", "order date", "transaction date", "sale date", "sales date", "purchase date",
        "order purchase timestamp", "date time", "timestamp", "created at", "day", "datum", "fecha", "data",
    ),
    "store": (
        "store id", "store", "store nbr", "store number", "store name", "shop id", "shop", "branch", "outlet",
        "filiale", "tienda", "sucursal", "loja", "magasin", "country",
    ),
    "product": (
        "product id", "product", "stock code", "sku", "item id", "item nbr", "item code", "item", "product code",
        "article", "artikel", "articulo", "produkt", "producto", "produto", "ean", "upc", "barcode",
        "product name", "item name",
    ),
    "category": (
        "product category", "category", "department", "dept", "family", "product category name", "item category",
        "category name", "category name 1", "product line", "sub category", "kategorie", "categoria", "categorie",
    ),
    "quantity": (
        "quantity", "qty", "units", "unit sales", "units sold", "quantity sold", "quantity ordered", "qty ordered",
        "order quantity", "transaction qty", "item cnt day", "pieces", "menge", "cantidad", "quantidade",
        "quantite",
    ),
    "price": (
        "unit price", "price", "item price", "price per unit", "price each", "selling price", "retail price",
        "preis", "einzelpreis", "precio", "precio unitario", "preco", "preco unitario", "prix", "prix unitaire",
    ),
    "value": (
        "sales value", "sales", "amount", "revenue", "line total", "total amount", "total price", "total sales",
        "sales amount", "total", "weekly sales", "betrag", "umsatz", "importe", "valor", "montant",
    ),
    "ticket": (
        "transaction id", "invoice no", "invoice", "ticket", "basket id", "order id", "invoice id",
        "invoice number", "ticket number", "receipt", "receipt id", "receipt number", "order number", "bill no",
        "transaction", "bon",
    ),
    "status": (
        "status", "order status", "item status", "return status", "returned", "is returned", "cancelled",
        "canceled", "is cancelled", "is canceled",
    ),
    "kind": ("transaction type", "sale type", "sales type", "invoice type", "is return"),
}  # fmt: skip
"""What is looked for -> the headings it is found under, the first that is there. Capitals, blanks, dashes and
underscores do not matter: ``Unit Price``, ``unit_price`` and ``UnitPrice`` are one name.

``status`` says what became of an order (``Cancelled``), ``kind`` what the row itself is (``Return``).
"""
_UNSAID = re.compile(r"[\W_]+")
_MONEY = "price= (a piece) or value= (the row)"


def find_columns(headings: Sequence[str], given: Mapping[str, str]) -> dict[str, str]:
    """Return what is in the file -> the heading of its column.

    Args:
        headings: the file's.
        given: columns that somebody named; the others are found by name.

    Raises:
        InvalidInputError: a column that is needed is not there, or one that was named.
    """
    found = {_plain(name): name for name in reversed(headings)}
    names = dict(given)
    for what, candidates in COLUMNS.items():
        match = next((found[plain] for one in candidates if (plain := _plain(one)) in found), None)
        if what not in names and match is not None:
            names[what] = match
    problems = [
        Problem(f"--columns {what}=", "unknown_name", f"is none of {', '.join(COLUMNS)}")
        for what in given
        if what not in COLUMNS
    ] + [
        Problem(f"--columns {what}=", "no_such_heading", f"{name} is no heading{_meant(name, headings)}")
        for what, name in given.items()
        if what in COLUMNS and name not in headings
    ]
    if "day" not in names:
        problems.append(Problem("--columns day=", "no_such_heading", "no heading says which column has the day"))
    if "price" not in names and "value" not in names:
        words = f"no heading says which column has money; it is {_MONEY}"
        problems.append(Problem("--columns value=", "no_such_heading", words))
    if problems:
        problems.append(Problem("headings found", "found", ", ".join(name or '""' for name in headings) or "none"))
        raise InvalidInputError(problems)
    return names


def _plain(name: str) -> str:
    """Return a heading as it is compared.

    >>> _plain("Unit_Price "), _plain("ITEM-NAME")
    ('unitprice', 'itemname')
    """
    return _UNSAID.sub("", name.casefold())


def _meant(name: str, headings: Sequence[str]) -> str:
    near = get_close_matches(name, headings, 1)
    return f"; {near[0]} is" if near else ""

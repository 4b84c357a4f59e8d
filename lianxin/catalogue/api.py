"""The door of the catalogue."""

from __future__ import annotations

from lianxin.catalogue.models import Category, ParameterValue, ServiceItem, ServiceVersion
from lianxin.catalogue.selectors.offers import service_offers
from lianxin.catalogue.selectors.parameters import parameter_fen, parameter_value
from lianxin.catalogue.selectors.shelf import Offer, shelf
from lianxin.catalogue.services import (
    CatalogueError,
    catalogue_load,
    person_erase,
    person_export,
)


def doors() -> tuple[Category, ...]:
    """Return the doors to the services, in order: what the home page shows."""
    return shelf().doors


__all__ = [
    "CatalogueError",
    "Category",
    "Offer",
    "ParameterValue",
    "ServiceItem",
    "ServiceVersion",
    "catalogue_load",
    "doors",
    "parameter_fen",
    "parameter_value",
    "person_erase",
    "person_export",
    "service_offers",
    "shelf",
]  # fmt: skip

"""What is typed on the pages of eligibility: facts by anybody, policies by those who write them."""

from __future__ import annotations

from lianxin.eligibility.forms.facts import FactsForm, carried, fact_field, told_by

__all__ = ["FactsForm", "carried", "fact_field", "told_by"]

"""Finds calls by what was said in them, by numbers and by SIDs."""

from calls.search.hits import Hit, hits_of
from calls.search.selection import calls_found
from calls.search.terms import Term, terms_of

__all__ = ["Hit", "Term", "calls_found", "hits_of", "terms_of"]

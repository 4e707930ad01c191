"""Whether a turn has the words of a term in it, asked of the database."""

from typing import Any

from django.db import models
from django.db.models import F, Lookup, Value
from django.db.models.expressions import Col

from calls.models import Turn
from calls.search.terms import Term

_NO_WORDS = str.maketrans(dict.fromkeys("+-.@:/_'\\<>&|!*()", " "))
"""As in the column, and what has a meaning in a query of PostgreSQL's."""


class Said(Lookup):
    """`Said(F("text"), Value(term))`: the words stand in the text in this order, as whole words.

    PostgreSQL looks them up in the column that the migration `words_of_turns` adds, in lower case
    and nothing more, because callers speak any language. Elsewhere each text is tried with the
    term's regular expression, which comes to the same.
    """

    lookup_name = "said"
    prepare_rhs = False

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str]]:
        column = self.lhs
        if not isinstance(column, Col):
            raise TypeError("Said takes a column of turns.")
        alias = compiler.quote_name_unless_alias(column.alias)
        return f"{alias}.\"words\" @@ to_tsquery('simple', %s)", (_tsquery(self._term),)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        sql, params = self.process_lhs(compiler, connection)
        return f"{sql} REGEXP %s", (*params, self._term.pattern)

    @property
    def _term(self) -> Term:
        term: Term = self.rhs.value
        return term


def said(term: Term) -> Said:
    """Return the condition on turns."""
    return Said(F("text"), Value(term, output_field=models.Field()))


def turns_said(term: Term) -> models.QuerySet[Turn]:
    """Return the turns in which a term was said, in no order."""
    return Turn.objects.order_by().filter(said(term))


def _tsquery(term: Term) -> str:
    """Return a term in the language of `to_tsquery`: several words in quotes are a phrase."""
    text = " ".join(term.text.translate(_NO_WORDS).split())
    return f"'{text}'" + (":*" if term.is_prefix else "")

"""The list of calls, of which there may be millions: a page of it, and about how many there are."""

from functools import cached_property
from typing import Any

from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.http import HttpRequest

from calls.caller_numbers import PERMISSION
from calls.search import hits_of, terms_of

MOST_COUNTED = 10_000
"""So many calls are counted and can be turned over; to count them all takes longer than to look."""

MOST_FOUND = 1000
"""The same in a search, where each call that is counted must be looked through."""


class BoundedPaginator(Paginator):  # type: ignore[type-arg]  # no generic at run time
    """Counts no further than `most`; beyond it there are more, however many."""

    def __init__(self, *args: Any, most: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.most = most

    @cached_property
    def count(self) -> int:
        """How many there are, `most` at the most."""
        return min(self._counted, self.most)

    @property
    def is_cut(self) -> bool:
        """Whether there are more."""
        return self._counted > self.most

    @cached_property
    def _counted(self) -> int:
        calls: Any = self.object_list
        return int(calls.order_by()[: self.most + 1].count())


class CallList(ChangeList):
    """A page of calls; after a search each with the places in which the words were said."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.is_cut = self.paginator.is_cut
        terms = terms_of(self.query)
        if not terms:
            return
        self.result_list = list(self.result_list)
        may_see_numbers = request.user.has_perm(PERMISSION)
        hits = hits_of(self.result_list, terms, may_see_numbers=may_see_numbers)
        for call in self.result_list:
            call.hits = hits.get(call.pk, [])


class Selection(ChangeList):
    """The calls that a list would show, all of them and none read yet."""

    def get_results(self, request: HttpRequest) -> None:
        self.result_count = 0

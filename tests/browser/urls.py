"""The routes of the product, and one whose view fails."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from voiceproject.urls import urlpatterns as routes_of_product


def fault(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("A view failed, as it was to.")


urlpatterns = [path("fault/", fault), *routes_of_product]

"""The phone in the browser, under /phone/, and its REST API, under /phone/api/."""

from django.urls import path

from calls.phone import rest, views

_ACCOUNT = "api/2010-04-01/Accounts/<str:account_sid>"

urlpatterns = [
    path("", views.phone_page, name="phone"),
    path(f"{_ACCOUNT}/Calls/<slug:call_sid>.json", rest.call_resource),
    path(f"{_ACCOUNT}/Messages.json", rest.messages_resource),
]

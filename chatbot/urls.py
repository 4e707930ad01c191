"""The chatbot over HTTP, apart from the telephone."""

from django.urls import path

from chatbot import views

urlpatterns = [
    path("message", views.message, name="message"),
]

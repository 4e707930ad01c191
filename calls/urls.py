"""Twilio's webhooks, under /voice/."""

from django.urls import path

from calls import views

urlpatterns = [
    path("stream", views.voice_stream, name="voice-stream"),
    path("next", views.voice_next, name="voice-next"),
    path("gather", views.voice_gather, name="voice-gather"),
    path("fallback", views.voice_fallback, name="voice-fallback"),
    path("status", views.voice_status, name="voice-status"),
    path("stream-status", views.voice_stream_status, name="voice-stream-status"),
    path("transcript", views.voice_transcript, name="voice-transcript"),
]

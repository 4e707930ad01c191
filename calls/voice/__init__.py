"""Text to speech: engines behind one interface, and what they have spoken, kept for next time."""

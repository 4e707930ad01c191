"""Text to speech without a network: voices that pip installs, each in processes of its own.

What a process of a voice imports from here must need neither Django nor the other voices.
"""

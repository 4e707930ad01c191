"""What is known of the channel layer, whichever it is."""

from redis.exceptions import RedisError

LAYER_ERRORS = (RedisError, OSError, TimeoutError)
"""How a channel layer fails that cannot be reached."""

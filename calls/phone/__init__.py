"""The phone in the browser: a page that calls the bot, and the simulator that plays Twilio for it.

It meets the rest of `calls` on the wire only, as the simulator does.
"""

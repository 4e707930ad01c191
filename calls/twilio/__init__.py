"""Everything that is Twilio's: wire formats, TwiML, signatures and the REST client."""

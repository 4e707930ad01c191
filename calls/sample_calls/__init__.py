"""Calls that nobody made, in any number: to try the record of calls at the size it will have."""

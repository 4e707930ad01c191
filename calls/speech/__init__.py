"""Speech to text: neutral events, the interface of an engine, and the engines."""

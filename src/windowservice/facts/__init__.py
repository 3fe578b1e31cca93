"""The vocabulary: what may be said of an event and of a request."""

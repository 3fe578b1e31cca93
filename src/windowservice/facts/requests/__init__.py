"""What may be said of requests and their events."""

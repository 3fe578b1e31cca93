"""Requests and their events, and their form as JSON."""

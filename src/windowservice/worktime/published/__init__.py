"""Calendars that somebody has published: China's statutory days, other countries' holidays, the payment systems."""

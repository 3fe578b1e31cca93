"""Frozen values of the field: requests, services, banks, staff and the basis of a rule."""

"""Checking one record and auditing many."""

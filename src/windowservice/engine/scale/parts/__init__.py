"""Judging a ledger in parts, in bounded memory."""

"""Rows of further tables in the sample, in order, spoilt, or nearly so."""

"""Rules as Polars expressions, for columns."""

"""Records made of other records by the expressions of their record type."""

"""Reading a ledger row by row, and what became of each row."""

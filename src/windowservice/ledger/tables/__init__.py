"""The tables of a ledger and what each column holds."""

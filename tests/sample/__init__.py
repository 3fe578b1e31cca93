"""The sample ledger is made here; what is shipped is one that was made, packed."""

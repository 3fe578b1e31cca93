"""Records made from a whole ledger, for the rules on them."""

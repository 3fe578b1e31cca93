"""An empty ledger to fill in."""

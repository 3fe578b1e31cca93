"""What may be said of payment messages, positions and filings."""

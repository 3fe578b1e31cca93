"""What may be said of accounting for banks and of the exchange."""

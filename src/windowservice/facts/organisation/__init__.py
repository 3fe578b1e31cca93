"""What may be said of how the window is organised."""

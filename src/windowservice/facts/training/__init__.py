"""What may be said of training."""

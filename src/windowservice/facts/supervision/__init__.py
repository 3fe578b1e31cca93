"""What may be said of what others see of the window."""

"""What may be said of the window's duties that come again, and of what follows from them."""

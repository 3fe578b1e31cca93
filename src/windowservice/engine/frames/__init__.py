"""What comes in as columns."""

"""What is told of conditions: each by itself, and held against those of other rules."""

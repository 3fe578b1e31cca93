"""What may be said of banks when actions are weighed, and of what was done."""

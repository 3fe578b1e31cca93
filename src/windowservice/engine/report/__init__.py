"""What was found: reports, findings and their evidence."""

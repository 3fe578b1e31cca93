"""What a report is made of, headings, lines and tables, and how they are written: as text and as HTML."""

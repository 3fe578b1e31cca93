"""One report, many faces: text for a terminal, CSV for a spreadsheet, JSON for a program."""

"""How other people's tables, columns and words become ours."""

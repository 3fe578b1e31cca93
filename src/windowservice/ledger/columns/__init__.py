"""Reading tables by columns: cells that are certainly plain are told from the rest, which is read row by row."""

"""The verdicts of the records of one type: held as masks for objects, as columns of codes for frames."""

"""For authors of rules: records in a line, verdicts asserted everywhere, edges of limits, random records, laws."""

from windowservice.lazy import names_of

__all__, __getattr__, __dir__ = names_of(__name__)

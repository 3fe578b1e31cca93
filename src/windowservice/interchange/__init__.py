"""In and out: findings as SARIF and OpenMetrics, dues into calendars, days off out of them."""

from windowservice.lazy import names_of

__all__, __getattr__, __dir__ = names_of(__name__)

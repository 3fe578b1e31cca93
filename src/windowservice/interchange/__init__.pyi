"""In and out: findings as SARIF and OpenMetrics, dues into calendars, days off out of them."""

from windowservice.interchange.calendars import days_off as days_off
from windowservice.interchange.calendars import dues as dues
from windowservice.interchange.findings import openmetrics as openmetrics
from windowservice.interchange.findings import sarif as sarif

"""Working time: calendars, limits and clocks, exact to the microsecond."""

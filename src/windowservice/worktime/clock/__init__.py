"""The clock of one matter: a limit under stops, notices and extensions, and how it stands."""

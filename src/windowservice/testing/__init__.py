"""For plugin authors: strategies and fixtures."""

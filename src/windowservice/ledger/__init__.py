"""The tables that go in and out."""

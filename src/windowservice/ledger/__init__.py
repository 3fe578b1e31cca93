"""The tables that go in and out: schema, reading, mapping from other people's columns, and a sample."""

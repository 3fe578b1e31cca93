"""A plugin written in TOML: record types, figures, rules and all else that a pack may hold, as data."""

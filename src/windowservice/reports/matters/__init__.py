"""Open matters and kept promises of an audit."""

"""What can be told of packs before a record is judged: mistakes of rules, figures and their tests."""

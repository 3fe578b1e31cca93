"""Hooks and loading of rule packs."""

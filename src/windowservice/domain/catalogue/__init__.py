"""Kinds of business and the catalogue that holds them."""

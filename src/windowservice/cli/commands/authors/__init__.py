"""Commands for who writes packs and plugins."""

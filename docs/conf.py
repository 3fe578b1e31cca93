"""Sphinx: the pages are MyST Markdown, the theme is furo; ``make docs`` builds them."""

project = "windowservice"
author = "The windowservice authors"
copyright = "the windowservice authors"  # noqa: A001 - Sphinx calls it so

extensions = ["myst_nb"]
nb_execution_mode = "off"  # the tests run every block
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
suppress_warnings = ["misc.highlighting_failure"]  # console output with ... in it

html_theme = "furo"
html_title = "windowservice"
exclude_patterns = ["_build", "examples"]

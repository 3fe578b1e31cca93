"""Sphinx: the pages are MyST Markdown, notebooks among them, the theme is furo; ``make docs`` builds them."""

project = "windowservice"
author = "The windowservice authors"
copyright = "the windowservice authors"  # noqa: A001 - Sphinx calls it so

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
nb_execution_mode = "force"  # of notebooks, those with cells; the tests run every block of the other pages
nb_execution_raise_on_error = True
nb_execution_timeout = 60
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
suppress_warnings = ["misc.highlighting_failure"]  # console output with ... in it

autodoc_typehints = "signature"
autodoc_member_order = "bysource"
napoleon_use_ivar = True
napoleon_use_rtype = False
default_role = "code"

html_theme = "furo"
html_title = "windowservice"
html_static_path = ["_static"]
html_css_files = ["wide.css"]
exclude_patterns = ["_build", "examples"]

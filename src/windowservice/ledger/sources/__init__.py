"""Where tables come from: folders, files, databases, frames."""

"""What an assistant may ask over the Model Context Protocol; it needs the extra `mcp` (`docs/assistant.md`).

Nothing is judged here: each tool asks the public functions, and says what they say.
"""

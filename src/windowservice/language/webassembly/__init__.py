"""The generated text, printed as WebAssembly and run over columns."""

"""Functions in whole numbers printed as WebAssembly and run over columns."""

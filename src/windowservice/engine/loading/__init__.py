"""How an engine comes to be: from what plugins bring, or ready from code that was made before."""

"""Other answers to open questions, and what branches come to under them."""

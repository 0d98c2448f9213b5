"""Other answers to open questions, and the results of branches under them."""

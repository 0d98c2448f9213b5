"""How a command line is read and told: words, help, language, place, completion, years."""

"""The form in the browser: its page, the program that it runs, and what it is given."""

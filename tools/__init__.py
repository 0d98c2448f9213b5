"""Tools of the developers; nothing here is needed to run the program."""

"""Tools of developers and workflows; nothing here is needed to run the program."""

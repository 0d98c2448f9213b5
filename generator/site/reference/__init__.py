"""Reference pages: codes, keys of files, questions."""

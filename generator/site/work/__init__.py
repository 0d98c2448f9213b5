"""Pages of the work under way: what is lacking, the process, other answers."""

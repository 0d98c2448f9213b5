"""An opened repository evaluated: a branch, a year, final years, what is kept between runs."""

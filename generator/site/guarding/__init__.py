"""What no file of a site may hold: texts of records that are not shown to those it is for."""

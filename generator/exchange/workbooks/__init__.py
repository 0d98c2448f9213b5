"""Workbooks that leave the program: the ledger, lists, and sheets that come back filled in."""

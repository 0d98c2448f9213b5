"""The committee's workbook → reviews/<id>.yml: a row a branch and criterion, a row a bonus claim.

Every row carries a stamp: what the committee had decided when the workbook was made, and the
fingerprint of the claim and files that it then saw. A row that nobody changed is left alone. One
whose claim or files changed since, or on which somebody else has decided meanwhile, is told and
left out: nobody's decision is undone, and none rests on what was not seen.
"""

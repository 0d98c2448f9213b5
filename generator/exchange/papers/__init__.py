"""Papers in Word, from templates that a clerk edits: notice, letter, self-assessment, ballots."""

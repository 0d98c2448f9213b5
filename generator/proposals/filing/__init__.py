"""What a person fills in: questions made from definitions, answers, and the files that follow."""

"""Pictures that look alike: hashes of what they show, pairs of them, and how they are told."""

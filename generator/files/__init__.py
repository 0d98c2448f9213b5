"""Where bytes come from: the disk, a revision, what an attachment is."""

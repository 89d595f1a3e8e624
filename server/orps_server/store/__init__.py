"""Where searches are kept: one SQLite file in the person's state folder."""

"""A module an edition: the texts that were tabled in it, and all that became of them. Data only."""

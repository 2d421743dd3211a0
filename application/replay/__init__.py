"""A state as of an instant or an index, the difference between two, and the steps in between; all folded as live answers are."""

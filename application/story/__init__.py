"""A forum's life as data: who did what, when. Demonstration, seed and end-to-end test in one."""

"""Foreign material as commands: what others recorded, through the same door as everybody."""

"""One file per question that somebody asks: the rows that answer it, and who reads them."""

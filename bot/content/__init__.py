"""Content: finds rules/ and data/, reads them strictly, and reports everything that is wrong at once."""

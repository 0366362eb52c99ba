"""The scoreboard of extraction: real pages with gold, each corpus by its published formula."""

"""What happens to news: one module per stage, each usable without a crawl."""

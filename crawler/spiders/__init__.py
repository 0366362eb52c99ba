"""The spiders Scrapy finds: one."""

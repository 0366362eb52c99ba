"""Scrapy's settings. What a user configures is laid over these in `crawler.process`."""

from __future__ import annotations

from typing import Any

BOT_NAME = "broadtape"
SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"

# The journey of a page.
ITEM_PIPELINES = {
    "pipelines.stages.Extract": 100,
    "pipelines.stages.Store": 200,
}

# Only what is used: each middleware costs every page.
DOWNLOADER_MIDDLEWARES: dict[str, Any] = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "crawler.guard.AddressGuard": 10,
    "crawler.robots.PoliteRobots": 100,
    "crawler.middlewares.HostManners": 950,  # last before the network, first after it
    "crawler.middlewares.Onward": 580,
    "crawler.middlewares.HonestEncoding": 595,
}
SPIDER_MIDDLEWARES: dict[str, Any] = {
    "scrapy.spidermiddlewares.start.StartSpiderMiddleware": None,
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,
    "scrapy.spidermiddlewares.referer.RefererMiddleware": None,
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": 800,
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
}
EXTENSIONS: dict[str, Any] = {
    # Both let another process run code in the crawl.
    "scrapy.extensions.remote_control.RemoteControl": None,
    "scrapy.extensions.telnet.TelnetConsole": None,
    "scrapy.extensions.logstats.LogStats": None,
    "scrapy.extensions.memusage.MemoryUsage": None,
    "scrapy.extensions.corestats.CoreStats": None,
}
TELNETCONSOLE_ENABLED = False

DEFAULT_REQUEST_HEADERS = {
    "Accept": "application/rss+xml, application/atom+xml, application/feed+json, text/html, "
    "application/xhtml+xml, application/xml;q=0.9, */*;q=0.8",
    "Accept-Language": "*",
}

# The database is the only memory: a page asked for twice is meant to be asked for twice.
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"
SCHEDULER_PRIORITY_QUEUE = "crawler.fairness.HostFairQueue"

TWISTED_DNS_RESOLVER = "crawler.guard.GuardedResolver"

# Feeds and pages of many hosts at once; each host by itself gets two at a time.
CONCURRENT_REQUESTS = 400
CONCURRENT_REQUESTS_PER_DOMAIN = 2
DOWNLOAD_DELAY = 1.0
REDIRECT_MAX_TIMES = 10
DOWNLOAD_FAIL_ON_DATALOSS = True
DOWNLOAD_VERIFY_CERTIFICATES = True
METAREFRESH_MAXDELAY = 5
REACTOR_THREADPOOL_MAXSIZE = 20  # names are looked up there
# A page is held in memory until it is stored; beyond this, downloading waits.
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 64 * 1024 * 1024
CONCURRENT_ITEMS = 4

LOG_ENABLED = False
LOG_INSTALL_ROOT_HANDLER = False
REQUEST_FINGERPRINTER_CLASS = "scrapy.utils.request.RequestFingerprinter"

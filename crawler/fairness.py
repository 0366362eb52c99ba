"""One host never delays another: a queue that gives no host more than its share at a time."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from scrapy.pqueues import DownloaderAwarePriorityQueue

if TYPE_CHECKING:
    from scrapy import Request

WAITING = 1


class HostFairQueue(DownloaderAwarePriorityQueue):
    """Scrapy's host-aware queue, which holds a request back while its host is busy.

    Scrapy's own hands out requests until CONCURRENT_REQUESTS are under way, whoever they
    are for: one slow host with many pages then fills every place. Here a host has at most
    CONCURRENT_REQUESTS_PER_DOMAIN under way and one waiting.
    """

    def pop(self) -> Request | None:
        """The next request of the least busy host; None while every host has its share."""
        downloader = self._downloader_interface.downloader
        busy = Counter(downloader.get_slot_key(request) for request in downloader.active)
        share = downloader.domain_concurrency + WAITING
        ready = [(busy[slot], slot) for slot in self.pqueues if busy[slot] < share]
        if not ready:
            return None
        slot = self._next_slot(ready, update_state=True)
        queue = self.pqueues[slot]
        request = queue.pop()
        if len(queue) == 0:
            del self.pqueues[slot]
            queue.close()
        return request

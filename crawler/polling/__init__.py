"""Polling, decided in pure functions: what a poll meant, and when the feed is due next.

    headers = conditional_headers(state, now)      what to send along
    poll    = Poll(...) or poll_of_failure(error)  what came back
    state   = after_poll(state, poll, now, limits, jitter)
    address = settled_move(state)                  where the feed lives now, if it moved

docs/polling.md lists the rules one by one. `failures` is not loaded here: it alone knows
Scrapy, whose import takes longer than all that `broadtape status` does.
"""

from crawler.polling.headers import conditional_headers, retry_after
from crawler.polling.policy import after_poll, paused_until, settled_move
from crawler.polling.poll import Answer, Limits, Poll, read_answer, where_from

__all__ = [
    "Answer",
    "Limits",
    "Poll",
    "after_poll",
    "conditional_headers",
    "paused_until",
    "read_answer",
    "retry_after",
    "settled_move",
    "where_from",
]

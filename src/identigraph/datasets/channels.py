"""The ways in which made-up visitors reach a shop, and what each of them sees of the visitor."""

from __future__ import annotations

import attrs


@attrs.frozen
class Channel:
    """One way to reach the shop; all its visits stand in one source.

    Args:
        source: the system that records the visits.
        events: the names of events, equally often each, that are neither a log-in nor an order.
        remembered: share of the visits of people with an account that are logged in from the first event on.
        logs_in: share of these visits that log in at some event.
        orders: share of visits whose last event is an order.
        email: share of orders that give an e-mail address.
        phone: share of orders that give a telephone number.
    """

    source: str
    events: tuple[str, str, str, str]
    remembered: float
    logs_in: float
    orders: float
    email: float
    phone: float


CHANNELS = (
    Channel("web", ("page_view", "product_view", "product_view", "search"), 0.25, 0.15, 0.10, 1, 0.40),
    Channel("app", ("product_view", "product_view", "search", "add_to_cart"), 0.60, 0.10, 0.15, 1, 0.40),
    Channel("shop", ("return",) * 4, 0.45, 0, 1, 0.35, 0.15),
    Channel("shop", ("product_view", "product_view", "search", "store_map"), 0, 0.20, 0.20, 1, 0.30),
    Channel("newsletter", ("newsletter_click",) * 4, 0, 0, 0, 0, 0),
)
WEB, APP, TILL, KIOSK, NEWSLETTER = range(len(CHANNELS))

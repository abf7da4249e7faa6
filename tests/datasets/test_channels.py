"""The table of channels is consistent."""

from __future__ import annotations

import attrs

from identigraph.datasets.channels import APP, CHANNELS, KIOSK, NEWSLETTER, TILL, WEB


def test_the_positions_name_the_channels() -> None:
    assert [CHANNELS[i].source for i in (WEB, APP, TILL, KIOSK, NEWSLETTER)] == [
        "web", "app", "shop", "shop", "newsletter",
    ]  # fmt: skip


def test_shares_are_shares() -> None:
    for channel in CHANNELS:
        shares = [value for value in attrs.astuple(channel) if isinstance(value, int | float)]
        assert len(shares) == 5
        assert all(0 <= share <= 1 for share in shares)
        assert channel.remembered + channel.logs_in <= 1

"""Who a request comes from."""

from __future__ import annotations

import pytest

from demo.visitor import visitor


@pytest.mark.parametrize(
    ("host", "forwarded", "space", "who"),
    [
        ("10.0.0.7", "", "", "10.0.0.7"),
        # Anybody can write this header; only behind a Space's proxy does it say something.
        ("10.0.0.7", "8.8.8.8", "", "10.0.0.7"),
        ("10.0.0.7", "8.8.8.8", "somebody/space", "8.8.8.8"),
        # The visitor wrote the first, proxies the rest; inner ones are private.
        ("10.0.0.7", "1.1.1.1, 8.8.8.8, 10.1.2.3", "somebody/space", "8.8.8.8"),
        ("10.0.0.7", "rubbish, 10.1.2.3", "somebody/space", "10.0.0.7"),
        # One machine has a whole network of IPv6 addresses.
        ("2001:db8:1:2:3:4:5:6", "", "", "2001:db8:1:2::/64"),
        ("10.0.0.7", "2a00:1450:4001:82a::200e", "somebody/space", "2a00:1450:4001:82a::/64"),
        ("testclient", "", "", "testclient"),
        ("", "", "", ""),
    ],
)
def test_a_visitor_is_an_address_or_a_network_of_ipv6(
    host: str, forwarded: str, space: str, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPACE_ID", space)
    assert visitor(host, forwarded) == who

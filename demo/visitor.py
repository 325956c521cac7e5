"""Who asks: the address that a request comes from, as the bounds and the turns count it."""

from __future__ import annotations

import os
from ipaddress import ip_address, ip_network


def visitor(host: str, forwarded: str = "") -> str:
    """The address; of IPv6 the network, since one machine has many addresses there.

    In a Space everything comes from its proxy, which says for whom it asks.

    Args:
        host: the client's address as the server sees it, "" where there is none.
        forwarded: the request's `X-Forwarded-For`, which anybody can write; read in a Space only.
    """
    if os.environ.get("SPACE_ID"):
        # The visitor may have written the first ones; the last public one is the proxy's own word.
        for hop in reversed(forwarded.split(",")):
            if _public(hop.strip()):
                return _network(hop.strip())
    return _network(host)


def _public(address: str) -> bool:
    try:
        return ip_address(address).is_global
    except ValueError:
        return False


def _network(host: str) -> str:
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if address.version == 6:
        return str(ip_network((address, 64), strict=False))
    return str(address)

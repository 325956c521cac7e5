"""Time from a moved slider to the diagram's numbers, for the deepest plan that sliders allow."""

from __future__ import annotations

import time

from demo.text import text
from demo.topics.dense.scenes.plan import growing


def main() -> None:
    """Print seconds of processor time and bytes sent, the best of five."""
    words = text("en")
    chosen = (64, 256, 1.0, True, 224, 64, 64, 64, 64)
    best = float("inf")
    for _ in range(5):
        began = time.process_time()
        sent = growing(words, "densenet121", *chosen)
        best = min(best, time.process_time() - began)
    print(f"{best * 1000:.0f} ms, {len(sent.encode()):,} bytes")


if __name__ == "__main__":
    main()

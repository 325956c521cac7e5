"""What the page says where a network is not here."""

from __future__ import annotations

from playwright.sync_api import Locator, expect


def folded(notice: Locator, key: str) -> None:
    """A sentence for a student is in sight; what a teacher types opens on demand."""
    command = notice.locator("code")
    expect(notice).to_be_visible()
    expect(command).to_be_hidden()
    notice.locator("summary").click()
    expect(command).to_be_visible()
    expect(command).to_have_text(f"python run.py fetch {key}")

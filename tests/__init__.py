"""Tests: one folder a room, and tests/browser for a real browser."""

"""Inception: branches of several scales."""

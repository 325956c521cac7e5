"""What is worked out from numbers alone: overlaps, pictures that are harmed, patches."""

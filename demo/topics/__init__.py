"""What the page is about, a folder a topic; none imports another."""

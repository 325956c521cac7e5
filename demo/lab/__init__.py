"""Training: the bundled networks' own recipe, and transfer learning in the app."""

"""What every topic draws with: style, SVG, heat maps, terms; never torch."""

"""Records drawn: HTML, SVG, Plotly and Pillow; never torch."""

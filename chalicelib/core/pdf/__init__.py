"""PDF in any script: the fonts that ship, and text set in them."""

"""The retail desk: uploads that add up, and a morning report."""

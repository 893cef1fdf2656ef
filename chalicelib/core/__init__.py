"""The hall: what every room uses and no business word of any of them."""

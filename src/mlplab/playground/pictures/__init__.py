"""What there is to see of a network, as the arrays that a page draws."""

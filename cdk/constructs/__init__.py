"""One construct for each capability; the stacks are put together from them."""

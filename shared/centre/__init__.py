"""A centre is data: the pack that says who answers for what, where and by when."""

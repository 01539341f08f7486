"""What the parts alone can do on this machine: what the product's figures are held against, in one run with them."""

"""The common ground: contracts, the spine under every service, working time, the centre pack."""

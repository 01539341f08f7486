"""A program over the embedded servers, for tests that kill it: prints its addresses as JSON, stops when its input ends.

Usage: python supervised.py DATA_FOLDER
"""

import sys
from pathlib import Path

from deploy.embedded.servers import EmbeddedServers, NatsUser

servers = EmbeddedServers(Path(sys.argv[1]), [NatsUser("admin")])
print(servers.start().model_dump_json(), flush=True)
sys.stdin.read()
servers.stop()

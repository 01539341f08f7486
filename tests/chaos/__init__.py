"""What holds whatever dies: kills of processes, servers and connections while a centre is at work."""

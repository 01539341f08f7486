"""Turns into a server program: takes the user it is told to take, ties its life to the supervisor's, replaces itself.

Run by its path, `python -I -S launch.py SUPERVISOR_PID SIGNAL UID GID PROGRAM ARGUMENT...`; UID -1 keeps the user.
A script and not a hook between fork and exec: Python code in the forked child of a threaded program can deadlock.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def take_user(uid: int, gid: int) -> None:
    if uid < 0:
        return
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)


def end_with(supervisor_pid: int, signal_number: int) -> None:
    """The kernel sends the signal when the supervisor dies, however it dies. Linux only; elsewhere nothing happens."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal_number)
    if os.getppid() != supervisor_pid:  # it died before the line above: no signal would ever come
        sys.exit(1)


def main(arguments: list[str]) -> None:
    supervisor_pid, signal_number, uid, gid = (int(word) for word in arguments[:4])
    command = arguments[4:]
    os.umask(0o077)
    take_user(uid, gid)
    end_with(supervisor_pid, signal_number)  # after the change of user, which would undo it
    os.execv(command[0], command)  # noqa: S606 - replacing ourselves is the point


if __name__ == "__main__":
    main(sys.argv[1:])

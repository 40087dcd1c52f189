"""Run a program that the kernel kills when whoever started it dies: ``python launch.py PROGRAM ARGUMENT…``.

The kernel watches the *thread* that started it, so that one has to live as long as the program should.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1

if __name__ == "__main__":
    parent, *command = sys.argv[1:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() == int(parent):  # else it died before the kernel was asked
        os.execv(command[0], command)  # noqa: S606

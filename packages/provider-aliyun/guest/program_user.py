"""The user of the programs: one of their own where the supervisor may choose, else the supervisor's."""

import os

# Users that no image gives to anybody. Each sandbox takes one, so that sandboxes on one kernel do not meet.
_FIRST, _LAST = 61_184, 64_999


class ProgramUser:
    def __init__(self, is_own):
        self.is_own = is_own
        self.uid = _FIRST + int.from_bytes(os.urandom(4), "big") % (_LAST - _FIRST) if self.is_own else os.geteuid()

    def give(self, path, mode):
        """Makes a folder of the program's."""
        os.makedirs(path, exist_ok=True)
        os.chmod(path, mode)
        if self.is_own:
            os.chown(path, self.uid, self.uid)

    def become(self):
        """For good, in a process that is to be the program's. What it may do besides goes with the user."""
        if self.is_own:
            os.setgroups([])
            os.setresgid(self.uid, self.uid, self.uid)
            os.setresuid(self.uid, self.uid, self.uid)

    def __enter__(self):
        """Acts on files with no more rights than the program itself has."""
        if self.is_own:
            os.setegid(self.uid)
            os.seteuid(self.uid)

    def __exit__(self, *_):
        if self.is_own:
            os.seteuid(0)
            os.setegid(0)

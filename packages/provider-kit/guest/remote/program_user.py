"""The users of the programs: of their own where the supervisor may choose, else the supervisor's."""

import os

# Users that no image gives to anybody. Each sandbox takes some at random, so that sandboxes on one kernel do not meet.
_FIRST, _LAST = 61_184, 64_999


class ProgramUser:
    def __init__(self, uid, gid, is_own):
        self.uid = uid
        self.gid = gid
        self.is_own = is_own

    @property
    def umask(self):
        """What one program leaves the next one may change, whichever of the sandbox's users it has."""
        return 0o002 if self.is_own else 0o022

    def give(self, path):
        """Makes a folder of the programs', and of nobody else's."""
        os.makedirs(path, exist_ok=True)
        os.chmod(path, 0o770 if self.is_own else 0o700)
        if self.is_own:
            os.chown(path, self.uid, self.gid)

    def become(self):
        """For good, in a process that is to be the program's. What it may do besides goes with the user."""
        if self.is_own:
            os.setgroups([])
            os.setresgid(self.gid, self.gid, self.gid)
            os.setresuid(self.uid, self.uid, self.uid)

    def __enter__(self):
        """Acts on files with no more rights than the program itself has."""
        if self.is_own:
            os.setegid(self.gid)
            os.seteuid(self.uid)

    def __exit__(self, *_):
        if self.is_own:
            os.seteuid(0)
            os.setegid(0)


def may_be_chosen():
    """Whether there are such users here at all: root of a namespace may have none but itself."""
    return os.geteuid() == 0 and all(_covers_all("/proc/self/" + name) for name in ("uid_map", "gid_map"))


def _covers_all(path):
    try:
        with open(path, encoding="ascii") as file:
            ranges = [[int(number) for number in line.split()] for line in file]
    except FileNotFoundError:
        # A system without namespaces of users.
        return True
    return any(first <= _FIRST and _LAST < first + count for first, _, count in ranges)


def choose(count, are_own):
    """So many users of one sandbox. They share a group, and with it the work folder."""
    if not are_own:
        return [ProgramUser(os.geteuid(), os.getegid(), False) for _ in range(count)]
    uids = []
    while len(uids) < count:
        uid = _FIRST + int.from_bytes(os.urandom(4), "big") % (_LAST - _FIRST)
        if uid not in uids:
            uids.append(uid)
    return [ProgramUser(uid, uids[0], True) for uid in uids]

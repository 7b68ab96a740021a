"""The folders that are a sandbox's own, by mounts that nobody else sees."""

import ctypes
import os

MS_BIND_RECURSIVE = 4096 | 16384
MNT_DETACH = 2
MOUNT_POINTS = ("/home", "/tmp")


class SandboxMounts:
    """Makes /home/user and /tmp the sandbox's own, in a mount namespace that nobody else is in."""

    def __init__(self, root, kept):
        self.root = root
        self.libc = ctypes.CDLL(None, use_errno=True)
        if any(path == "/home/user" or path.startswith("/home/user/") for path in kept):
            raise OSError("an interpreter lives in /home/user")
        self.mount_below("/home", os.path.join(root, "home"), kept)
        self.mount_below("/tmp", os.path.join(root, "tmp"), kept)

    def mount_below(self, target, folder, kept):
        prefix = target + "/"
        # Interpreters that live there stay visible: held open, for the mount hides them.
        names = {path[len(prefix) :].split("/")[0] for path in kept if path.startswith(prefix)}
        held = {name: os.open(prefix + name, os.O_PATH) for name in names}
        self.bind(folder, target)
        for name, descriptor in held.items():
            os.makedirs(prefix + name, exist_ok=True)
            self.bind("/proc/self/fd/%d" % descriptor, prefix + name)
            os.close(descriptor)

    def bind(self, source, target):
        if self.libc.mount(source.encode(), target.encode(), None, MS_BIND_RECURSIVE, None) != 0:
            raise OSError(ctypes.get_errno(), "mount of " + target)

    def undo(self):
        """Takes the mounts away, and says whether none is left: behind one that is, are files of the host."""
        for target in MOUNT_POINTS:
            self.libc.umount2(target.encode(), MNT_DETACH)
        with open("/proc/self/mountinfo", encoding="utf-8") as listing:
            mounted = listing.read()
        return not any(" %s " % point in mounted for point in MOUNT_POINTS if self.root.startswith(point + "/"))

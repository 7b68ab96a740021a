"""What lies in the artifacts folder before a run, so that only what the run made or changed is taken for its own."""

import os


def take(root):
    """{path: (inode, change time, size)} of the regular files. A program cannot set the change time, so what it touched is seen."""
    known = {}
    for folder, _, names in os.walk(root):
        for name in names:
            path = os.path.join(folder, name)
            try:
                known[os.path.relpath(path, root)] = identity(os.stat(path, follow_symlinks=False))
            except OSError:
                # Gone meanwhile, or not to be seen: then it is not known.
                continue
    return known


def identity(status):
    return (status.st_ino, status.st_ctime_ns, status.st_size)

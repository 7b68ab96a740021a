"""What lies in the artifacts folder before a run, so that only what the run made or changed is taken for its own."""

import os


def make_folder(root):
    """A program may have taken it away; the next one finds it again, unless something else lies in its place."""
    try:
        os.makedirs(root, mode=0o775, exist_ok=True)
    except OSError:
        return


def take(root):
    """{path: (inode, change time, size)} of everything but folders. A program cannot set the change time, so what it touched is seen."""
    known = {}
    for folder, folders, names in os.walk(root):
        links = [name for name in folders if os.path.islink(os.path.join(folder, name))]
        for name in names + links:
            path = os.path.join(folder, name)
            try:
                known[os.path.relpath(path, root)] = identity(os.stat(path, follow_symlinks=False))
            except OSError:
                # Gone meanwhile, or not to be seen: then it is not known.
                continue
    return known


def identity(status):
    return (status.st_ino, status.st_ctime_ns, status.st_size)

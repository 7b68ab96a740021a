"""Files below a folder that somebody else may have filled with links: no link is followed at any part of a path."""

import errno
import os
import stat

MAX_PATH_BYTES = 512
_FOLDER_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE_FLAGS = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_READ_PIECE_BYTES = 1024 * 1024


class PathNotAllowed(ValueError):
    """The path cannot name a file of the work folder."""


class NotARegularFile(OSError):
    """A part of the path is a link, or its end is a folder, a device, a pipe or a socket."""


class FileTooLarge(ValueError):
    """The file has more bytes than the caller takes."""


def describe_path_problem(path):
    """Says why a path may not be used inside a sandbox, or None. The same rules as describePathProblem of @sandport/core."""
    try:
        size = len(path.encode('utf-8'))
    except UnicodeEncodeError:
        return 'is not well-formed Unicode'
    if path == '':
        return 'is empty'
    if size > MAX_PATH_BYTES:
        return f'is longer than {MAX_PATH_BYTES} bytes'
    if path[0] == '/' or (path[1:2] == ':' and path[0].isascii() and path[0].isalpha()):
        return 'must be relative to the work folder'
    if '\\' in path:
        return 'contains a backslash'
    if any(ord(character) < 0x20 or character == '\x7f' for character in path):
        return 'contains a control character'
    parts = path.split('/')
    if '..' in parts:
        return 'leaves the work folder'
    if '' in parts or '.' in parts:
        return 'has an empty or "." part'
    return None


def open_root(path):
    """Opens the folder at a path, or at '.' of a descriptor. A link in its place is refused. The caller closes it."""
    return _open('.', _FOLDER_FLAGS, path) if isinstance(path, int) else _open(path, _FOLDER_FLAGS, None)


def open_folder(root, parts, create=False):
    """Opens the folder below a folder's descriptor. The caller closes it."""
    current = os.open('.', _FOLDER_FLAGS, dir_fd=root)
    for part in parts:
        try:
            following = _open_child_folder(current, part, create)
        finally:
            os.close(current)
        current = following
    return current


def _open_child_folder(parent, name, create):
    if create:
        try:
            os.mkdir(name, 0o775, dir_fd=parent)
        except FileExistsError:
            # A folder is what is wanted, and opening tells whether it is one.
            pass
    return _open(name, _FOLDER_FLAGS, parent)


def open_regular_file(folder, name, flags=os.O_RDONLY):
    """Opens a regular file in a folder's descriptor. The caller closes it."""
    descriptor = _open(name, flags | _FILE_FLAGS, folder)
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return descriptor
    os.close(descriptor)
    raise NotARegularFile(errno.EINVAL, 'is not a regular file', name)


def _open(name, flags, folder):
    try:
        descriptor = os.open(name, flags, 0o664, dir_fd=folder)
    except OSError as error:
        # ELOOP: a link. ENOTDIR: a link or file in place of a folder. EISDIR, ENXIO: a folder, a pipe or a socket in place of a file.
        if error.errno in (errno.ELOOP, errno.ENOTDIR, errno.EISDIR, errno.ENXIO):
            raise NotARegularFile(error.errno, os.strerror(error.errno), name) from error
        raise
    if flags & os.O_DIRECTORY:
        _refuse_followed_link(descriptor, name, folder)
    return descriptor


def _refuse_followed_link(descriptor, name, folder):
    """gVisor follows a link to a folder although O_NOFOLLOW stands beside O_DIRECTORY, so what was opened is compared with what the name is."""
    if not os.path.samestat(os.fstat(descriptor), os.stat(name, dir_fd=folder, follow_symlinks=False)):
        os.close(descriptor)
        raise NotARegularFile(errno.ELOOP, os.strerror(errno.ELOOP), name)


def write_file(root, path, data):
    """Writes a file below a folder's descriptor, with the folders on its way, replacing a regular file that is there."""
    parts = _checked_parts(path)
    folder = open_folder(root, parts[:-1], create=True)
    try:
        descriptor = open_regular_file(folder, parts[-1], os.O_WRONLY | os.O_CREAT)
    finally:
        os.close(folder)
    with open(descriptor, 'wb', buffering=0) as file:
        file.truncate(0)
        rest = memoryview(data)
        while rest:
            rest = rest[file.write(rest) :]


def read_file(root, path, max_bytes):
    """The bytes of a file below a folder's descriptor. Raises FileTooLarge above max_bytes."""
    parts = _checked_parts(path)
    folder = open_folder(root, parts[:-1])
    try:
        descriptor = open_regular_file(folder, parts[-1])
    finally:
        os.close(folder)
    try:
        content = read_at_most(descriptor, max_bytes + 1)
    finally:
        os.close(descriptor)
    if len(content) > max_bytes:
        raise FileTooLarge(f'{path} has more than {max_bytes} bytes')
    return content


def read_at_most(descriptor, size):
    """The first bytes of an open file, fewer when it is shorter."""
    content = bytearray()
    while len(content) < size:
        piece = os.read(descriptor, min(size - len(content), _READ_PIECE_BYTES))
        if not piece:
            break
        content += piece
    return bytes(content)


def _checked_parts(path):
    problem = describe_path_problem(path)
    if problem is not None:
        raise PathNotAllowed(f'path {problem}')
    return path.split('/')

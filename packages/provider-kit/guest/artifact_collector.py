"""Walks the artifacts/ folder that a finished program left, without following links and within limits."""

import os
import stat

from safe_files import MAX_PATH_BYTES, NotARegularFile, describe_path_problem, open_folder, open_regular_file, open_root

MAX_SCANNED_ENTRIES = 20_000
MAX_OMITTED = 1_000
_REPLACEMENT = '\ufffd'


def collect(root, limits, known=None):
    """
    Yields what became of each entry, sorted by path in UTF-16 code-unit order:

    - ('file', path, size_bytes, descriptor): a regular file, open for reading until the next item is asked for. Read at most
      size_bytes of it: a process that is still alive may let it grow.
    - ('omitted', path, reason, size_bytes or None): left behind, for one of the contract's ARTIFACT_OMISSION_REASONS; at most 1000.

    root is a path or a descriptor of the folder. limits has artifactCount, artifactBytes, artifactTotalBytes and artifactDepth. known is what was
    there before, as {path: (inode, change time in nanoseconds, size)}: one that still is as it was is passed over without a word.
    """
    try:
        folder = open_root(root)
    except FileNotFoundError:
        return
    except NotARegularFile:
        yield ('omitted', '', 'not-a-regular-file', None)
        return
    except OSError:
        yield ('omitted', '', 'unreadable', None)
        return
    try:
        yield from _Collection(folder, limits, known or {}).items()
    finally:
        os.close(folder)


class _Collection:
    def __init__(self, root, limits, known):
        self._root = root
        self._limits = limits
        self._known = known
        self._files = []
        self._omitted = []
        self._scanned = 0
        self._count = 0
        self._total_bytes = 0

    def items(self):
        self._scan()
        entries = [(path, None, None) for path in self._files] + self._omitted
        entries.sort(key=lambda entry: entry[0].encode('utf-16-be', 'surrogatepass'))
        omitted_count = 0
        for path, reason, size in entries:
            descriptor = None
            if reason is None:
                descriptor, size, reason = self._open(path)
            if reason is not None:
                omitted_count += 1
                if omitted_count <= MAX_OMITTED:
                    yield ('omitted', path, reason, size)
                continue
            try:
                yield ('file', path, size, descriptor)
            finally:
                os.close(descriptor)

    def _scan(self):
        pending = [()]
        while pending:
            parts = pending.pop()
            try:
                descriptor = open_folder(self._root, parts)
            except NotARegularFile:
                self._omit(_shown('/'.join(parts)), 'not-a-regular-file')
                continue
            except OSError:
                self._omit(_shown('/'.join(parts)), 'unreadable')
                continue
            try:
                folders = self._scan_folder(descriptor, parts)
            except OSError:
                self._omit('/'.join(parts), 'unreadable')
                continue
            finally:
                os.close(descriptor)
            if folders is None:
                self._omit('', 'count-limit')
                return
            pending.extend(folders)

    def _scan_folder(self, descriptor, parts):
        """Notes the files of a folder and gives the folders in it, or None when there are too many entries."""
        folders = []
        with os.scandir(descriptor) as entries:
            for entry in entries:
                if self._is_known(entry, parts):
                    continue
                if len(parts) >= self._limits['artifactDepth']:
                    # An empty folder is no loss; one entry shows that something is.
                    self._omit('/'.join(parts), 'depth-limit')
                    return []
                self._scanned += 1
                if self._scanned > MAX_SCANNED_ENTRIES:
                    return None
                self._note(entry, parts, folders)
        return folders

    def _is_known(self, entry, parts):
        if not self._known or entry.is_dir(follow_symlinks=False):
            return False
        return self._known.get('/'.join((*parts, entry.name))) == _identity(entry.stat(follow_symlinks=False))

    def _note(self, entry, parts, folders):
        path = '/'.join((*parts, entry.name))
        if describe_path_problem(path) is not None:
            self._omit(_shown(path), 'name-not-allowed')
        elif entry.is_dir(follow_symlinks=False):
            folders.append((*parts, entry.name))
        elif entry.is_file(follow_symlinks=False):
            self._files.append(path)
        else:
            self._omit(path, 'not-a-regular-file')

    def _omit(self, path, reason):
        self._omitted.append((path, reason, None))

    def _open(self, path):
        """Opens a file: (descriptor, size, None), or (None, size or None, reason). It may have changed since the scan."""
        *folders, name = path.split('/')
        try:
            folder = open_folder(self._root, folders)
            try:
                descriptor = open_regular_file(folder, name)
            finally:
                os.close(folder)
        except NotARegularFile:
            return None, None, 'not-a-regular-file'
        except OSError:
            return None, None, 'unreadable'
        size = os.fstat(descriptor).st_size
        reason = self._limit_passed_by(size)
        if reason is not None:
            os.close(descriptor)
            return None, size, reason
        self._count += 1
        self._total_bytes += size
        return descriptor, size, None

    def _limit_passed_by(self, size):
        if size > self._limits['artifactBytes']:
            return 'size-limit'
        if self._count >= self._limits['artifactCount']:
            return 'count-limit'
        if self._total_bytes + size > self._limits['artifactTotalBytes']:
            return 'total-size-limit'
        return None


def _identity(status):
    return (status.st_ino, status.st_ctime_ns, status.st_size)


def _shown(path):
    """The path with a replacement for everything that a result may not carry."""
    text = os.fsencode(path).decode('utf-8', 'replace')
    text = ''.join(_REPLACEMENT if ord(character) < 0x20 or character in '\x7f\\' else character for character in text)
    if text[1:2] == ':':
        text = _REPLACEMENT + text[1:]
    data = text.encode('utf-8')
    if len(data) <= MAX_PATH_BYTES:
        return text
    return data[: MAX_PATH_BYTES - len(_REPLACEMENT.encode())].decode('utf-8', 'ignore') + _REPLACEMENT

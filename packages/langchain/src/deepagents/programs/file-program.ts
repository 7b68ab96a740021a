/**
 * One operation on files of the sandbox, by their real paths: those that a command sees too. Answers `{"done": …}`, or `{"refusal": {"kind", "message"}}` for what the
 * operation itself says no to.
 *
 * Modules are never taken from the work folder: what lies there is not ours.
 */
export const FILE_PROGRAM = String.raw`
import sys
sys.path[:] = sys.path[1:]
import base64
import errno
import os
import re
import shutil
import stat
import time

# Folders of the system that have no files of anybody.
VIRTUAL = {'/proc', '/sys', '/dev', '/run'}
LINE_CHARACTERS = 2000


class Refusal(Exception):
    def __init__(self, message, kind='refused'):
        super().__init__(message)
        self.kind = kind


def name_of(path):
    return os.fsencode(path).decode('utf-8', 'replace')


def described(path):
    try:
        facts = os.stat(path)
    except OSError:
        facts = os.lstat(path)
    return {
        'path': name_of(path), 'isFolder': stat.S_ISDIR(facts.st_mode), 'sizeBytes': facts.st_size,
        'modifiedMs': int(facts.st_mtime * 1000),
    }


def open_regular(path):
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISREG(mode):
        return open(descriptor, 'rb')
    os.close(descriptor)
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, 'is a folder')
    raise Refusal('is not a regular file')


def all_of(file, most):
    data = file.read(most + 1)
    if len(data) > most:
        raise Refusal(f'has more than {most} bytes, which is what can be read at once')
    return data


def ls(path, most):
    if not os.path.isdir(path):
        os.stat(path)
        raise Refusal('is not a directory')
    with os.scandir(path) as entries:
        paths = sorted(entry.path for entry in entries)
    if len(paths) > most:
        raise Refusal(f'has {len(paths)} entries; {most} can be listed at once')
    return [described(one) for one in paths]


def raw(path, most):
    with open_regular(path) as file:
        facts = os.fstat(file.fileno())
        data = all_of(file, most)
    return {
        'base64': base64.b64encode(data).decode(), 'changedMs': int(facts.st_ctime * 1000), 'modifiedMs': int(facts.st_mtime * 1000),
    }


def read(path, offset, limit, most):
    lines, size, total = [], 0, 0
    with open_regular(path) as file:
        if b'\0' not in file.read(8192):
            file.seek(0)
            for line in file:
                if offset <= total < offset + limit:
                    size += len(line)
                    if size > most:
                        raise Refusal(f'has more than {most} bytes in these lines, which is what can be read at once')
                    lines.append(line)
                total += 1
            try:
                return {'text': b''.join(lines).decode('utf-8'), 'totalLines': total}
            except UnicodeDecodeError:
                pass
        file.seek(0)
        return {'base64': base64.b64encode(all_of(file, most)).decode()}


def walk(path):
    if not os.path.isdir(path):
        os.stat(path)
        yield path, os.path.basename(path)
        return
    for folder, folders, files in os.walk(path):
        folders[:] = sorted(one for one in folders if os.path.join(folder, one) not in VIRTUAL)
        for one in sorted(files):
            full = os.path.join(folder, one)
            yield full, os.path.relpath(full, path)


def glob(path, expression, absolute, most, seconds):
    ends_at = time.monotonic() + seconds
    wanted, found = re.compile(expression), []
    for full, relative in walk(path):
        if time.monotonic() > ends_at:
            return {'files': found, 'truncated': True}
        if wanted.search(name_of(full if absolute else relative)) and os.path.isfile(full):
            if len(found) == most:
                return {'files': found, 'truncated': True}
            found.append(described(full))
    return {'files': found, 'truncated': False}


def lines_with(path, needle):
    try:
        with open_regular(path) as file:
            if b'\0' in file.read(8192):
                return
            file.seek(0)
            for number, line in enumerate(file, 1):
                if needle in line:
                    yield number, line.rstrip(b'\r\n').decode('utf-8', 'replace')
    except (OSError, Refusal):
        # As grep does: what cannot be read has no lines.
        return


def grep(path, pattern, expression, by_path, most, most_characters, seconds):
    ends_at = time.monotonic() + seconds
    wanted = None if expression is None else re.compile(expression)
    needle, found, size = pattern.encode('utf-8'), [], 0
    for full, relative in walk(path):
        if time.monotonic() > ends_at:
            return {'matches': found, 'truncated': True}
        if wanted is not None and not wanted.search(name_of(relative if by_path else os.path.basename(full))):
            continue
        for number, text in lines_with(full, needle):
            if len(found) == most or size > most_characters:
                return {'matches': found, 'truncated': True}
            shown = text if len(text) <= LINE_CHARACTERS else text[:LINE_CHARACTERS] + '…'
            size += len(shown)
            found.append({'path': name_of(full), 'line': number, 'text': shown})
    return {'matches': found, 'truncated': False}


def replace(path, data):
    target = os.path.realpath(path)
    if os.path.isdir(target):
        raise IsADirectoryError(errno.EISDIR, 'is a folder')
    mode = 0o644
    if os.path.exists(target):
        if not os.path.isfile(target):
            raise Refusal('is not a regular file')
        mode = stat.S_IMODE(os.stat(target).st_mode)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    # Beside it first: what is there stays until all of the new is.
    beside = os.path.join(os.path.dirname(target), '.' + os.urandom(12).hex())
    try:
        with open(beside, 'xb') as file:
            file.write(data)
        os.chmod(beside, mode)
        os.replace(beside, target)
    except BaseException:
        if os.path.lexists(beside):
            os.unlink(beside)
        raise


def write(path, laid):
    try:
        with open(laid, 'rb') as file:
            data = file.read()
    finally:
        os.unlink(laid)
    replace(path, data)
    return {}


def edit(path, old, new, every, most):
    with open_regular(path) as file:
        data = all_of(file, most)
    old, new = old.encode('utf-8'), new.encode('utf-8')
    if not old:
        if data:
            raise Refusal('old_string: is empty, and the file is not')
        replace(path, new)
        return {'occurrences': 1 if new else 0}
    count = data.count(old)
    if count == 0:
        raise Refusal('old_string: is not in the file')
    if count > 1 and not every:
        raise Refusal(f'old_string: is in the file {count} times; give more of what is around it, or set replace_all')
    replace(path, data.replace(old, new))
    return {'occurrences': count}


def delete(path):
    facts = os.lstat(path)
    if stat.S_ISDIR(facts.st_mode):
        shutil.rmtree(path)
    else:
        os.unlink(path)
    return {}


OPERATIONS = {one.__name__: one for one in (ls, raw, read, glob, grep, write, edit, delete)}
KINDS = (
    (FileNotFoundError, 'file_not_found', 'is not there'),
    (NotADirectoryError, 'file_not_found', 'leads through something that is not a directory'),
    (IsADirectoryError, 'is_directory', 'is a folder'),
    (PermissionError, 'permission_denied', 'may not be touched'),
)


def main(operation, path, **more):
    try:
        return {'done': OPERATIONS[operation](path, **more)}
    except Refusal as refusal:
        return {'refusal': {'kind': refusal.kind, 'message': str(refusal)}}
    except OSError as error:
        for kind, name, message in KINDS:
            if isinstance(error, kind):
                return {'refusal': {'kind': name, 'message': message}}
        if error.errno == errno.EROFS:
            return {'refusal': {'kind': 'permission_denied', 'message': 'is on a part of the system that cannot be written'}}
        if error.errno in (errno.ELOOP, errno.ENAMETOOLONG):
            return {'refusal': {'kind': 'invalid_path', 'message': os.strerror(error.errno)}}
        return {'refusal': {'kind': 'refused', 'message': error.strerror or str(error)}}
`.trimStart();

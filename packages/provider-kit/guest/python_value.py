"""Turns what main() returned into JSON text, or says which part of it JSON cannot carry."""

import json

MAX_DEPTH = 200
MAX_PATH_LENGTH = 200

_ADVICE = {
    'date': '; return text, for example .isoformat()',
    'datetime': '; return text, for example .isoformat()',
    'time': '; return text, for example .isoformat()',
    'set': '; return a list',
    'frozenset': '; return a list',
    'bytes': '; return text, for example base64',
    'bytearray': '; return text, for example base64',
    'Decimal': '; return a float or text',
    'generator': '; return a list',
    'async_generator': '; return a list',
}


def encode_value(value):
    """The value as ASCII JSON text. Raises TypeError or ValueError naming the place of what JSON cannot carry."""
    try:
        text = json.dumps(value, allow_nan=False, ensure_ascii=True, separators=(',', ':'))
    except (TypeError, ValueError, RecursionError):
        problem = _find_problem(value)
        if problem is None:
            raise
    else:
        # A text with few brackets cannot be deep, and most values are such.
        if text.count('[') + text.count('{') <= MAX_DEPTH or not _is_too_deep(value):
            return text
        problem = _too_deep()
    raise problem from None


def _is_too_deep(value):
    level, depth = _containers_in([value]), 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            return True
        level = [child for container in level for child in _containers_in(container)]
    return False


def _containers_in(container):
    members = container.values() if isinstance(container, dict) else container
    return [member for member in members if isinstance(member, (dict, list, tuple))]


def _find_problem(value):
    """The first problem in reading order, as an exception, or None."""
    path, ancestors = ['value'], [id(value)]
    problem = _problem_of(value, path)
    if problem is not None:
        return problem
    pending = [_members(value)]
    while pending:
        member = next(pending[-1], None)
        if member is None:
            pending.pop(), ancestors.pop(), path.pop()
            continue
        step, child = member
        path.append(step)
        if isinstance(child, (dict, list, tuple)):
            if id(child) in ancestors:
                return ValueError(f'{_show(path)} contains itself, which JSON cannot carry')
            if len(ancestors) >= MAX_DEPTH:
                return _too_deep()
        problem = _problem_of(child, path)
        if problem is not None:
            return problem
        if isinstance(child, (dict, list, tuple)):
            pending.append(_members(child))
            ancestors.append(id(child))
        else:
            path.pop()
    return None


def _members(value):
    if isinstance(value, dict):
        return ((_key_step(key), child) for key, child in value.items())
    if isinstance(value, (list, tuple)):
        return ((f'[{index}]', child) for index, child in enumerate(value))
    return iter(())


def _problem_of(value, path):
    if value is None or isinstance(value, str):
        return None
    if isinstance(value, float):
        if value != value or value in (float('inf'), float('-inf')):
            return ValueError(f'{_show(path)} is {float.__repr__(value)}, which JSON cannot carry')
        return None
    if isinstance(value, int):
        return _int_problem(value, path)
    if isinstance(value, dict):
        for key in value:
            if isinstance(key, float) and (key != key or key in (float('inf'), float('-inf'))):
                return ValueError(f'{_show(path)} has the key {float.__repr__(key)}, which JSON cannot carry')
            if not (key is None or isinstance(key, (str, int, float))):
                return TypeError(f'{_show(path)} has a key that is {_a(key)}; keys must be text')
        return None
    if isinstance(value, (list, tuple)):
        return None
    name = type(value).__qualname__
    return TypeError(f'{_show(path)} is {_a(value)}, which JSON cannot carry{_ADVICE.get(name, "")}')


def _int_problem(value, path):
    try:
        int.__repr__(value)
    except ValueError:
        return ValueError(f'{_show(path)} is a whole number with too many digits; return it as text')
    return None


def _too_deep():
    return ValueError(f'value is nested deeper than {MAX_DEPTH} levels')


def _key_step(key):
    if isinstance(key, str) and key.isidentifier():
        return f'.{key}'
    return f'[{json.dumps(key, ensure_ascii=False)}]' if isinstance(key, str) else f'[{key!r}]'


def _show(path):
    text = ''.join(path)
    return text if len(text) <= MAX_PATH_LENGTH else f'{text[: MAX_PATH_LENGTH // 2]}…{text[-MAX_PATH_LENGTH // 2 :]}'


def _a(value):
    name = type(value).__qualname__
    return f'{"an" if name[:1].lower() in "aeiou" else "a"} {name}'

"""Preloads modules, forks twice and prints what the children drew and what the preloading said. Its arguments: guest folder, module folder, names."""

import json
import os
import sys

sys.path[:0] = sys.argv[1:3]

import python_preload  # noqa: E402

report = python_preload.preload(sys.argv[3:])
draws = []
for _ in range(2):
    read_end, write_end = os.pipe()
    if os.fork() == 0:
        python_preload.after_fork()
        import random

        numpy_random = sys.modules.get('numpy.random')
        drawn = [random.random(), numpy_random.rand() if numpy_random else None]
        os.write(write_end, json.dumps(drawn).encode())
        os._exit(0)
    draws.append(json.loads(os.read(read_end, 1000)))
    os.wait()
print(json.dumps({'report': report, 'draws': draws, 'threads': os.environ['OPENBLAS_NUM_THREADS']}))

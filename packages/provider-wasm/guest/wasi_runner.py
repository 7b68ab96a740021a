"""Runs one Python program under WASI: takes the job from one device and reports to another, as python_runner.py of provider-kit does with descriptors."""

import gc
import json
import os
import sys

sys.path.insert(0, '/sandport/guest')

# Found through the line above: the interpreter runs isolated.
import python_exit  # noqa: E402
import python_process  # noqa: E402
import python_program  # noqa: E402
import wasi_asyncio  # noqa: E402

_WORK_FOLDER = '/workspace'


def run():
    """Becomes the program of the job. Never returns."""
    _warm_up()
    wasi_asyncio.install()
    os.chdir(_WORK_FOLDER)
    python_process.prepare_process([python_program.FILE_NAME])
    # What is here by now stays to the end: no collection need look at it again.
    gc.freeze()
    reports = open('/sandport/report', 'wb', buffering=0)
    job = _read_job()
    python_process.set_environment(job['environment'])
    try:
        code = _run_job(job, reports)
    except SystemExit as error:
        code = error.code
    python_exit.end(code)


def _warm_up():
    """What a program is to find done: each of these costs a first call some milliseconds."""
    try:
        python_program.run_program('def main(**arguments):\n    return arguments\n', {'a': [1, 2.5, 'x', None]})
        python_program.run_program('def main():\n    raise ValueError("warm")\n', {})
    except ValueError as error:
        python_program.error_report(error, python_program.format_error(error))
    json.loads('{"code": "", "arguments": {"a": [1]}}')


def _read_job():
    with open('/sandport/job', 'rb', buffering=0) as jobs:
        return json.loads(_read_exactly(jobs, int.from_bytes(_read_exactly(jobs, 4), 'big')))


def _read_exactly(jobs, size):
    pieces = bytearray()
    while len(pieces) < size:
        pieces += jobs.read(size - len(pieces))
    return bytes(pieces)


def _run_job(job, reports):
    try:
        text = python_program.run_program(job['code'], job['arguments'])
    except python_program.NoMain:
        kind, payload, code = b'N', b'', 0
    except SystemExit:
        python_process.flush_streams()
        raise
    except BaseException as error:
        kind, payload, code = b'E', python_process.show_error(error), 1
    else:
        kind, payload = python_process.value_report(text, job['valueBytes'])
        code = 0 if kind == b'V' else 1
    python_process.flush_streams()
    _send(reports, kind, payload)
    return code


def _send(reports, kind, payload):
    try:
        reports.write(kind + len(payload).to_bytes(4, 'big') + payload)
        reports.close()
    except OSError:
        # The program closed the descriptor: its report is lost, which the host sees as an empty channel.
        return


if __name__ == '__main__':
    run()

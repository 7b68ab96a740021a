"""Runs one Python program: takes the job from one descriptor and reports on another. See README.md."""

import os
import sys

_FOLDER = os.path.dirname(os.path.abspath(__file__))
if _FOLDER not in sys.path:
    sys.path.insert(0, _FOLDER)

# Found through the line above when the interpreter runs isolated.
import python_channel  # noqa: E402
import python_display  # noqa: E402
import python_process  # noqa: E402
import python_program  # noqa: E402


def run(job_descriptor=3, report_descriptor=4):
    """Becomes the program of the next job. Never returns: raises SystemExit or KeyboardInterrupt for the interpreter to act on."""
    jobs = python_channel.JobChannel(job_descriptor)
    reports = python_channel.ReportChannel(report_descriptor)
    python_process.prepare_process([python_program.FILE_NAME])
    reports.send_ready()
    job = jobs.read()
    jobs.close()
    if job is None:
        raise SystemExit(0)
    python_process.set_environment(job['environment'])
    display = python_display.Display(os.getcwd())
    display.install()
    raise SystemExit(_run_job(job, reports, display))


def _run_job(job, reports, display):
    try:
        try:
            text = python_program.run_program(job['code'], job['arguments'])
        finally:
            display.show_figures()
    except python_program.NoMain:
        kind, payload, code = b'N', b'', 0
    except SystemExit:
        python_process.flush_streams()
        raise
    except BaseException as error:
        _send_last(reports, b'E', python_process.show_error(error))
        if isinstance(error, KeyboardInterrupt):
            # Printed already; the interpreter still ends itself by SIGINT as it does for any script.
            sys.excepthook = lambda *_: None
            raise
        return 1
    else:
        kind, payload = python_process.value_report(text, job['valueBytes'])
        code = 0 if kind == b'V' else 1
    python_process.flush_streams()
    _send_last(reports, kind, payload)
    return code


def _send_last(reports, kind, payload):
    reports.send(kind, payload)
    reports.close()


if __name__ == '__main__':
    run(*map(int, sys.argv[1:3]))

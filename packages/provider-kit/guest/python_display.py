"""Rich results: writes what a program displays to `artifacts/display/` of its work folder, as files numbered in order. See README.md."""

import builtins
import io
import json
import os
import sys

import safe_files

FOLDER_PARTS = ('artifacts', 'display')
_PYPLOT = 'matplotlib.pyplot'
# The first form that a value has is the one that is written.
_EXTENSIONS = {
    'text/html': 'html',
    'image/svg+xml': 'svg',
    'image/png': 'png',
    'image/jpeg': 'jpg',
    'text/markdown': 'md',
    'application/json': 'json',
    'text/csv': 'csv',
    'text/plain': 'txt',
}
_METHODS = {
    'text/html': '_repr_html_',
    'image/svg+xml': '_repr_svg_',
    'image/png': '_repr_png_',
    'image/jpeg': '_repr_jpeg_',
    'text/markdown': '_repr_markdown_',
    'application/json': '_repr_json_',
}
_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
# No value of a program has it; one that answers to it answers to anything.
_CANARY = '_sandport_no_such_form_'


class Display:
    """The `display` of one process. Nothing here raises for a value that cannot be shown: a line on stderr says so."""

    def __init__(self, work_folder):
        self._work_folder = os.path.abspath(work_folder)
        self._count = None
        self._process = os.getpid()

    def install(self):
        """Makes `display` a global name and `matplotlib.pyplot.show` a moment at which figures are shown."""
        builtins.display = self.display
        pyplot = sys.modules.get(_PYPLOT)
        if pyplot is None:
            sys.meta_path.insert(0, _PyplotFinder(self))
        else:
            self.wrap_pyplot(pyplot)

    def display(self, *values, raw=False, **_):
        """Shows values, each as one file in the richest form that it has; with raw=True a value is a dictionary of media types."""
        for value in values:
            self._guarded(self._show_raw if raw else self._show, value)

    def display_rich(self, value):
        """Shows the value when it has a form richer than text."""
        if not isinstance(value, (str, int, float, list, tuple, dict, type(None))) or hasattr(type(value), '_repr_html_'):
            self._guarded(self._show_rich, value)

    def show_figures(self):
        """Shows the figures that are open, in the order of their numbers, and closes them. Not in forked children: they are the parent's."""
        if _PYPLOT in sys.modules and os.getpid() == self._process:
            self._guarded(self._show_figures)

    def wrap_pyplot(self, pyplot):
        def show(*_, **__):
            """Shows all open figures and closes them."""
            self._guarded(self._show_figures)

        pyplot.show = show

    def _guarded(self, action, *arguments):
        try:
            action(*arguments)
        except Exception as error:
            _warn(error)

    def _show(self, value):
        if self._show_rich(value):
            return
        if isinstance(value, str):
            self._write('txt', value)
            return
        if isinstance(value, (dict, list, tuple)):
            try:
                text = json.dumps(value, ensure_ascii=False, allow_nan=False)
            except (TypeError, ValueError, RecursionError):
                # No JSON: the text form is what is left.
                text = None
            if text is not None:
                self._write('json', text)
                return
        self._write('txt', repr(value))

    def _show_rich(self, value):
        if isinstance(value, type):
            return False
        if _is_figure(value):
            self._show_figure(value)
            return True
        form = _form_of(_bundle_of(value)) or _form_by_method(value)
        if form is not None:
            self._write(*form)
        return form is not None

    def _show_raw(self, bundle):
        form = _form_of(bundle, with_plain=True)
        if form is None:
            raise ValueError('none of the media types can be displayed')
        self._write(*form)

    def _show_figures(self):
        pyplot = sys.modules[_PYPLOT]
        for number in pyplot.get_fignums():
            self._guarded(self._show_figure, pyplot.figure(number))
            pyplot.close(number)

    def _show_figure(self, figure):
        try:
            picture = io.BytesIO()
            figure.savefig(picture, format='png', bbox_inches='tight')
            chart = _chart_of(figure)
        finally:
            pyplot = sys.modules.get(_PYPLOT)
            if pyplot is not None:
                pyplot.close(figure)
        self._write('png', picture.getvalue())
        if chart is not None:
            self._write('chart.json', chart)

    def _write(self, extension, content):
        if isinstance(content, str):
            content = content.encode('utf-8', 'backslashreplace')
        root = safe_files.open_root(self._work_folder)
        try:
            folder = safe_files.open_folder(root, FOLDER_PARTS, create=True)
        finally:
            os.close(root)
        try:
            descriptor = self._create(folder, extension)
        finally:
            os.close(folder)
        with open(descriptor, 'wb') as file:
            file.write(content)

    def _create(self, folder, extension):
        if self._count is None:
            # An earlier process of this sandbox may have left some.
            self._count = max([0, *map(_number_of, os.listdir(folder))])
        while True:
            self._count += 1
            try:
                return os.open(f'{self._count:04d}.{extension}', _FLAGS, 0o644, dir_fd=folder)
            except FileExistsError:
                # Another process of the program was faster.
                continue


class _PyplotFinder:
    """Waits for the program to import pyplot; imports nothing by itself."""

    def __init__(self, display):
        self._display = display

    def find_spec(self, name, path=None, target=None):
        if name != _PYPLOT:
            return None
        if self in sys.meta_path:
            sys.meta_path.remove(self)
        for finder in sys.meta_path:
            find = getattr(finder, 'find_spec', None)
            spec = None if find is None else find(name, path, target)
            if spec is not None:
                if hasattr(spec.loader, 'exec_module'):
                    self._wrap(spec.loader)
                return spec
        return None

    def _wrap(self, loader):
        execute = loader.exec_module

        def exec_module(module):
            execute(module)
            self._display.wrap_pyplot(module)

        loader.exec_module = exec_module


def _is_figure(value):
    figures = sys.modules.get('matplotlib.figure')
    kind = getattr(figures, 'Figure', None)
    return isinstance(kind, type) and isinstance(value, kind)


def _chart_of(figure):
    """The data behind a figure, as JSON, where the image has E2B's library for that and it knows the kind of chart; else None."""
    try:
        from e2b_charts import chart_figure_to_dict
    except ImportError:
        return None
    try:
        chart = chart_figure_to_dict(figure)
        return json.dumps(chart, ensure_ascii=False, default=str) if chart else None
    except Exception:
        # The picture has everything; the library reads parts of figures that differ from version to version.
        return None


def _bundle_of(value):
    method = _method_of(value, '_repr_mimebundle_')
    return None if method is None else _without_metadata(method())


def _form_of(bundle, with_plain=False):
    """Extension and content of the richest form in a dictionary of media types, or None."""
    if not isinstance(bundle, dict):
        return None
    for media_type, extension in _EXTENSIONS.items():
        if bundle.get(media_type) is not None and (with_plain or media_type != 'text/plain'):
            return extension, _content_of(media_type, bundle[media_type])
    for media_type, data in bundle.items():
        if isinstance(media_type, str) and media_type.endswith('+json') and data is not None:
            return 'json', _content_of('application/json', data)
    return None


def _form_by_method(value):
    for media_type, name in _METHODS.items():
        method = _method_of(value, name)
        data = None if method is None else _without_metadata(method())
        if data is not None:
            return _EXTENSIONS[media_type], _content_of(media_type, data)
    return None


def _method_of(value, name):
    if getattr(value, _CANARY, None) is not None:
        return None
    method = getattr(value, name, None)
    return method if callable(method) else None


def _without_metadata(result):
    return result[0] if isinstance(result, tuple) and len(result) == 2 else result


def _content_of(media_type, data):
    if media_type == 'application/json':
        return json.dumps(data, ensure_ascii=False)
    if isinstance(data, str) and media_type in ('image/png', 'image/jpeg'):
        import base64

        return base64.b64decode(data)
    if isinstance(data, (bytes, bytearray, memoryview)):
        return bytes(data)
    return str(data)


def _number_of(name):
    digits = name.partition('.')[0]
    return int(digits) if digits.isascii() and digits.isdigit() and 4 <= len(digits) <= 9 else 0


def _warn(error):
    try:
        text = ' '.join(str(error).split())[:500]
    except Exception:
        # Its text is the program's to compute.
        text = ''
    try:
        sys.stderr.write(f'display: {type(error).__name__}: {text}\n')
    except Exception:
        # Replaced or closed by the program.
        return

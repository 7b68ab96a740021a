import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

const PYPLOT = `
from matplotlib.figure import Figure
_figures = {}
def figure(number=None):
    number = number or max(_figures, default=0) + 1
    if number not in _figures:
        _figures[number] = Figure(number)
    return _figures[number]
def get_fignums():
    return sorted(_figures)
def close(what):
    for number, one in list(_figures.items()):
        if what in (number, one):
            del _figures[number]
def show():
    raise RuntimeError('the show of Agg')
def switch_backend(name):
    print('backend', name)
`;

const FIGURE = `
class Figure:
    def __init__(self, number=0):
        self.number = number
        self.fails = False
    def savefig(self, target, format, bbox_inches):
        if self.fails:
            raise ValueError('cannot\\nbe drawn')
        target.write(f'{format} {bbox_inches} {self.number}'.encode())
    def add_subplot(self):
        return self
    plot = set_title = legend = lambda self, *a, **k: None
`;

const PANDAS = `
class DataFrame:
    def __init__(self, data):
        self.data = data
    def _repr_html_(self):
        return '<table>' + ','.join(self.data) + '</table>'
`;

const NUMPY_RANDOM = `
import os
_state = 1
def seed():
    global _state
    _state = int.from_bytes(os.urandom(4), 'big')
def rand():
    return _state
`;

const CHARTS = `
def chart_figure_to_dict(figure):
    if figure.fails:
        raise ValueError('no chart')
    return {'type': 'line', 'title': str(figure.number)} if figure.number < 7 else {}
`;

/** Stands in for the libraries of the data profile, which the machine of a test may lack: the little of them that is used. */
const FILES = {
  'matplotlib/__init__.py': '',
  'matplotlib/figure.py': FIGURE,
  'matplotlib/pyplot.py': PYPLOT,
  'pandas/__init__.py': PANDAS,
  'pandas/plotting/__init__.py': '',
  'pandas/plotting/_matplotlib.py': '',
  'numpy/__init__.py': 'from . import random',
  'numpy/random.py': NUMPY_RANDOM,
  'charts/e2b_charts.py': CHARTS,
  'broken.py': 'raise ValueError("two\\nlines")',
  'leaving.py': 'raise SystemExit(3)',
  'opening.py': 'import os\ndescriptor = os.open("/dev/null", os.O_RDONLY)',
  'threading_module.py': 'import threading, time\nthreading.Thread(target=time.sleep, args=(1,), daemon=True).start()',
};

/** A folder with fake modules. Ends with the test. */
export async function fakeModules(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sandport-modules-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await Promise.all(
    Object.entries(FILES).map(async ([name, content]) => {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), content);
    }),
  );
  return folder;
}

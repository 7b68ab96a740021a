import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { useChromium } from './chromium.ts';
import { openAdmin, type OpenAdmin } from './open-admin.ts';
import { Visit } from './visit.ts';

const chromium = useChromium();

const WALK_MS = 300_000;

/** A picture without any library: its rows, packed, between the parts that the format asks for. */
const PLOT = `
import os
import struct
import zlib

def part(kind, data):
    return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))

def picture(width, height):
    def colour(x, y):
        on_curve = abs(y - (height - 1 - x * x * (height - 1) // (width * width))) < 2
        return bytes((34, 80, 220)) if on_curve else bytes((245, 246, 250))
    rows = b''.join(b'\\0' + b''.join(colour(x, y) for x in range(width)) for y in range(height))
    header = struct.pack('>IIBBBBB', width, height, 8, 2, 0, 0, 0)
    return b'\\x89PNG\\r\\n\\x1a\\n' + part(b'IHDR', header) + part(b'IDAT', zlib.compress(rows)) + part(b'IEND', b'')

def main(width, height):
    os.makedirs('artifacts', exist_ok=True)
    with open('artifacts/curve.png', 'wb') as file:
        file.write(picture(width, height))
    with open('artifacts/points.csv', 'w') as file:
        file.write('x,y\\n' + ''.join(f'{x},{x * x}\\n' for x in range(5)))
    print('drawn')
    return {'width': width, 'height': height}
`.trimStart();

const IMAGE = '<img src=x onerror="document.title=\'taken\'">';
const SCRIPT = '<script>document.title="taken"</script>';

/** Everything that a program has a say in, with markup, with signs that turn the direction of text, and with those that move the cursor of a terminal. */
const HOSTILE = `
import os
IMAGE = ${JSON.stringify(IMAGE)}
SCRIPT = ${JSON.stringify(SCRIPT)}
os.makedirs('artifacts', exist_ok=True)
for name in ('<b>bold<b>.txt', 'page.html', 'drawing.svg', 'fake.png'):
    with open('artifacts/' + name, 'w') as file:
        file.write('<svg xmlns="http://www.w3.org/2000/svg" onload="document.title=1">' + SCRIPT + IMAGE + '</svg>')
with open('artifacts/table.csv', 'w') as file:
    file.write(SCRIPT + ',' + IMAGE + '\\n')
print(SCRIPT, IMAGE, '\\x1b[2J\\u202egpj.exe')

class Taken(Exception):
    pass

Taken.__name__ = IMAGE
raise Taken(SCRIPT)
`.trimStart();

async function openPlayground(admin: OpenAdmin): Promise<Visit> {
  const root = await admin.enter();
  await root.activate({ providerType: 'wasm', providers: { wasm: { config: {} } } }, 'Begin embedded');
  const visit = await Visit.begin(chromium.browser, { address: admin.address, person: await root.invite('operator', 'Olga') });
  await visit.goTo('Playground');
  return visit;
}

/** Takes the place of what is in the editor. */
async function write(page: Page, code: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Code of the program' }).focus();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.press('Delete');
  await page.keyboard.insertText(code);
}

async function look(visit: Visit, tab: RegExp, name: string): Promise<void> {
  await visit.page.getByRole('tablist', { name: 'Result' }).getByRole('tab', { name: tab }).click();
  await visit.look(name);
}

test(
  'a program draws a picture, which is shown with its table, value, evidence and the code for an agent',
  { timeout: WALK_MS },
  async () => {
    const visit = await openPlayground(await openAdmin());
    const { page } = visit;
    await visit.look('playground-empty');
    await write(page, PLOT);
    await page.getByRole('textbox', { name: /^Arguments as JSON/ }).fill('{ "width": 240, "height": 160 }');
    await visit.button('Run').click();
    await visit.sees(page.getByRole('status').getByText(/on wasm$/));
    await look(visit, /^Output/, 'playground-output');
    await visit.sees(page.getByText('drawn', { exact: true }));
    await look(visit, /^Files \(2\)/, 'playground-files');
    const picture = page.getByRole('img', { name: 'Picture curve.png, made by the program' });
    await visit.sees(picture);
    await expect.poll(() => picture.evaluate((image) => Reflect.get(image, 'naturalWidth') as unknown)).toBe(240);
    await visit.sees(page.getByRole('article', { name: 'points.csv' }).getByRole('cell', { name: '16' }));
    await look(visit, /^Value/, 'playground-value');
    await visit.sees(page.getByText(/"width": 240/));
    await look(visit, /^Evidence/, 'playground-evidence');
    await look(visit, /^Client code/, 'playground-client-code');
    await visit.sees(page.getByText('@sandport/client'));

    await page.reload();
    await visit.sees(page.getByText('def picture(width, height)'));
  },
);

test('a program without end is stopped, and what is no JSON is told before anything runs', { timeout: WALK_MS }, async () => {
  const visit = await openPlayground(await openAdmin());
  const { page } = visit;
  await page.getByRole('textbox', { name: /^Arguments as JSON/ }).fill('{ "count": ');
  await visit.button('Run').click();
  await visit.seesText(/^This is no JSON/);
  await page.getByRole('textbox', { name: /^Arguments as JSON/ }).fill('{}');
  await write(page, 'import time\nprint("begun", flush=True)\nwhile True:\n    time.sleep(0.1)\n');
  await visit.button('Run').click();
  await visit.sees(page.getByText('begun', { exact: true }));
  await visit.look('playground-running');
  await visit.button('Stop').click();
  await visit.seesText('Stopped. What the program had printed until then is below.');
  await visit.sees(page.getByText('begun', { exact: true }));
});

test('whatever a program prints, raises and leaves is shown as text', { timeout: WALK_MS }, async () => {
  const visit = await openPlayground(await openAdmin());
  const { page } = visit;
  await write(page, HOSTILE);
  await page.getByRole('textbox', { name: /^Arguments as JSON/ }).fill('{}');
  await visit.button('Run').click();
  await visit.sees(page.getByRole('status').getByText(/on wasm$/));
  await visit.sees(page.getByRole('status').getByText(SCRIPT));
  for (const tab of [/^Output/, /^Value/, /^Files/, /^Evidence/, /^Client code/]) {
    await look(visit, tab, `hostile-program-${tab.source.replace(/\W/g, '').toLowerCase()}`);
    expect(await page.locator('main img[src="x"], main svg[onload], main iframe, main object, main embed').count()).toBe(0);
    expect(await page.locator('main script').count()).toBe(0);
    expect(await page.title()).not.toContain('taken');
  }
  await page
    .getByRole('tablist', { name: 'Result' })
    .getByRole('tab', { name: /^Output/ })
    .click();
  await visit.sees(page.getByText(SCRIPT).first());
  await page
    .getByRole('tablist', { name: 'Result' })
    .getByRole('tab', { name: /^Files/ })
    .click();
  for (const name of ['page.html', 'drawing.svg']) {
    await visit.sees(page.getByRole('article', { name }).getByText('Files of this type are not shown here'));
  }
  await visit.sees(page.getByRole('article', { name: '<b>bold<b>.txt' }));
  await visit.sees(page.getByRole('article', { name: 'fake.png' }).getByText('This is no picture that the browser can show.'));
});

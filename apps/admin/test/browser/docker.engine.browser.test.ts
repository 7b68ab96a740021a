import { dockerProvider } from '@sandport/provider-docker';
import { expect, test } from 'vitest';
import { useChromium } from './chromium.ts';
import { configureProvider } from './configure-provider.ts';
import { openAdmin } from './open-admin.ts';

const chromium = useChromium();

const PLOT = `
import matplotlib.pyplot as plt

plt.plot([0, 1, 2, 3], [0, 1, 4, 9])
plt.title('Squares')
plt.show()
`.trimStart();

test('Docker with gVisor, where a program draws with matplotlib', { timeout: 600_000 }, async () => {
  const { DOCKER_HOST: dockerHost } = process.env;
  if (dockerHost === undefined) throw new Error('`node tools/engine/main.mjs start` prints where the engine is: set DOCKER_HOST.');
  const visit = await configureProvider(chromium.browser, await openAdmin(), {
    definition: dockerProvider,
    name: 'Docker with gVisor',
    fields: { 'Docker engine': dockerHost },
    choices: { 'Package profile': 'data' },
  });
  const { page } = visit;
  await visit.goTo('Playground');
  await page.getByRole('textbox', { name: 'Code of the program' }).focus();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.press('Delete');
  await page.keyboard.insertText(PLOT);
  await page.getByRole('textbox', { name: /^Arguments as JSON/ }).fill('{}');
  await visit.button('Run').click();
  await visit.sees(page.getByRole('status').getByText(/on docker$/));
  await page.getByRole('tab', { name: /^Files \(1\)/ }).click();
  const picture = page.getByRole('img', { name: /^Picture .*\.png, made by the program$/ });
  await visit.sees(picture);
  await expect.poll(() => picture.evaluate((image) => Number(Reflect.get(image, 'naturalWidth')))).toBeGreaterThan(100);
  await visit.look('playground-plot');
});

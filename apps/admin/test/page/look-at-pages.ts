import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import axe from 'axe-core';
import { chromium, type Browser, type Page } from 'playwright-core';
import { PlayedApi } from './played-api.ts';
import { scenes, type Scene } from './scenes.ts';

const BROWSER_ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A busy machine takes its time. */
const GOING_TIMEOUT_MS = 120_000;

const WIDTHS = { wide: { width: 1280, height: 900 }, narrow: { width: 360, height: 780 } } as const;

/** How pictures are taken. */
interface LookOptions {
  /** Where the pictures go. */
  readonly folder: string;
  /** Only scenes whose name begins so. */
  readonly only?: string | undefined;
  readonly looks: readonly { readonly scheme: 'light' | 'dark'; readonly width: keyof typeof WIDTHS; readonly language: 'en' | 'zh' }[];
}

/** What was found with one picture. */
interface Sight {
  readonly name: string;
  /** What axe finds, what the console says, and what is wider than the screen. */
  readonly findings: readonly string[];
}

/** Takes a picture of every scene in every look, and tells what is wrong with it. */
async function lookAtPages({ folder, only = '', looks }: LookOptions, onSight: (sight: Sight) => void): Promise<void> {
  await mkdir(folder, { recursive: true });
  const browser = await chromium.launch({
    executablePath: process.env['SANDPORT_CHROMIUM'] ?? '/usr/bin/chromium',
    args: BROWSER_ARGUMENTS,
  });
  try {
    for (const scene of scenes.filter(({ name }) => name.startsWith(only))) {
      for (const look of looks) onSight(await lookAt(browser, scene, look, folder));
    }
  } finally {
    await browser.close();
  }
}

async function lookAt(
  browser: Browser,
  scene: Scene,
  { scheme, width, language }: LookOptions['looks'][number],
  folder: string,
): Promise<Sight> {
  const name = `${scene.name}-${scheme}-${width}-${language}`;
  const api = new PlayedApi();
  api.role = scene.role;
  const address = await api.start();
  const context = await browser.newContext({
    viewport: WIDTHS[width],
    colorScheme: scheme,
    locale: language === 'zh' ? 'zh-CN' : 'en-GB',
    reducedMotion: 'reduce',
  });
  const findings: string[] = [];
  try {
    const page = await context.newPage();
    page.on('console', (message) => {
      const isExpected = scene.expected?.test(message.text()) === true;
      if (['error', 'warning'].includes(message.type()) && !isExpected) findings.push(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => findings.push(`error: ${error.message}`));
    await page.goto(`${address}/admin${scene.path}`, { timeout: GOING_TIMEOUT_MS });
    await page.waitForLoadState('networkidle', { timeout: GOING_TIMEOUT_MS });
    await page.locator('h1').first().waitFor();
    await scene.act?.(page, api);
    await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: scene.isWhole ?? true });
    findings.push(...(await findFaults(page)));
  } finally {
    await context.close();
    await api.stop();
  }
  return { name, findings };
}

/** Runs in the page: as text, since nothing else here knows of documents. */
const FIND_FAULTS = `(async () => {
  const { violations } = await globalThis.axe.run();
  const { scrollWidth, clientWidth } = document.documentElement;
  const tooWide = scrollWidth > clientWidth ? ['wider than the screen: ' + scrollWidth + ' > ' + clientWidth] : [];
  const told = violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => 'axe ' + id + ': ' + html.slice(0, 200) + ' ' + failureSummary));
  return [...tooWide, ...told];
})()`;

async function findFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate<string[]>(FIND_FAULTS);
}

/** What is asked for on the command line. */
export interface LookRequest {
  readonly only?: string | undefined;
  /** Every look rather than one. */
  readonly all: boolean;
  readonly folder: string;
  /** Looks such as `dark-narrow-zh`. */
  readonly look?: readonly string[] | undefined;
  readonly write: (line: string) => void;
}

/** Looks at everything, weighs the first views, and gives the number of pictures with findings. */
export async function lookAtAll({ only, all, folder, look, write }: LookRequest): Promise<number> {
  const everyLook = (['light', 'dark'] as const).flatMap((scheme) =>
    (['wide', 'narrow'] as const).flatMap((width) => (['en', 'zh'] as const).map((language) => ({ scheme, width, language }))),
  );
  const wanted = look ?? ['light-wide-en'];
  const looks = all ? everyLook : everyLook.filter(({ scheme, width, language }) => wanted.includes(`${scheme}-${width}-${language}`));
  let failures = 0;
  await lookAtPages({ folder, only, looks }, ({ name, findings }) => {
    if (findings.length > 0) failures += 1;
    write(`${findings.length === 0 ? 'ok  ' : 'BAD '} ${name}`);
    for (const finding of findings) write(`      ${finding}`);
  });
  for (const [name, bytes] of await weighFirstViews()) write(`${name}: ${(bytes / 1000).toFixed(1)} kB compressed`);
  return failures;
}

/** What a browser without anything in its cache is sent for the first view of some pages. */
async function weighFirstViews(): Promise<readonly (readonly [string, number])[]> {
  const browser = await chromium.launch({
    executablePath: process.env['SANDPORT_CHROMIUM'] ?? '/usr/bin/chromium',
    args: BROWSER_ARGUMENTS,
  });
  const weights: [string, number][] = [];
  try {
    for (const { name, path: pagePath, role } of scenes.filter((scene) =>
      ['sign-in', 'providers', 'provider-docker'].includes(scene.name),
    )) {
      const api = new PlayedApi();
      api.role = role;
      const address = await api.start();
      const context = await browser.newContext();
      try {
        const page = await context.newPage();
        await page.goto(`${address}/admin${pagePath}`);
        await page.waitForLoadState('networkidle');
        weights.push([name, api.sentBytes]);
      } finally {
        await context.close();
        await api.stop();
      }
    }
  } finally {
    await browser.close();
  }
  return weights;
}

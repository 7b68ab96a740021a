import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import { axeFindings } from './axe-findings.ts';
import { collectComplaints } from './page-complaints.ts';
import type { Person } from './person.ts';

const PICTURES = fileURLToPath(new URL('.screenshots/', import.meta.url));
const THEMES = ['light', 'dark'] as const;

/** The time of a server that is busy: what takes longer never comes. */
const PATIENCE_MS = 30_000;

/** In the middle of a change of colours there are contrasts that nobody sees. What follows a new theme begins with the frames after it. */
const TRANSITIONS_ENDED = `new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))).then(() => Promise.allSettled(
  document.getAnimations().filter((each) => each.effect?.getTiming().iterations !== Infinity).map((each) => each.finished),
)).then(() => undefined)`;

/** How somebody comes. */
export interface Coming {
  readonly address: string;
  /** Who is signed in already. */
  readonly person?: Person;
  readonly path?: string;
  readonly options?: BrowserContextOptions;
}

/** Somebody's browser at the app, alone with its cookies and all that it keeps. */
export class Visit {
  readonly page: Page;
  readonly #complaints: readonly string[];

  private constructor(page: Page, complaints: readonly string[]) {
    this.page = page;
    this.#complaints = complaints;
  }

  /** Opens the app. A page that complains of anything until the test is over fails it. */
  static async begin(browser: Browser, { address, person, path = '/admin/', options = {} }: Coming): Promise<Visit> {
    const context = await browser.newContext({
      locale: 'en-US',
      timezoneId: 'UTC',
      colorScheme: 'light',
      reducedMotion: 'reduce',
      viewport: { width: 1280, height: 800 },
      ...options,
    });
    context.setDefaultTimeout(PATIENCE_MS);
    if (person !== undefined) await context.addCookies([{ ...person.cookie, url: address }]);
    const page = await context.newPage();
    const complaints = collectComplaints(page);
    onTestFinished(async () => {
      await context.close();
      expect(complaints).toEqual([]);
    });
    const visit = new Visit(page, complaints);
    await page.goto(`${address}${path}`);
    return visit;
  }

  /** Looks at the page as it is in both themes: axe finds nothing, and a picture is kept. */
  async look(name: string): Promise<void> {
    await mkdir(PICTURES, { recursive: true });
    for (const colorScheme of THEMES) {
      await this.page.emulateMedia({ colorScheme });
      await this.page.evaluate(TRANSITIONS_ENDED);
      expect.soft(await axeFindings(this.page), `${name}, ${colorScheme}`).toEqual([]);
      await this.page.screenshot({ path: `${PICTURES}${name}-${colorScheme}.png` });
    }
    await this.page.emulateMedia({ colorScheme: 'light' });
    expect(this.#complaints).toEqual([]);
  }

  /** Goes to another page by the navigation. */
  async goTo(name: string): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name, exact: true }).click();
    await this.sees(this.page.getByRole('heading', { level: 1, name }));
  }

  /** Waits until something is shown. */
  async sees(locator: Locator): Promise<void> {
    await locator.first().waitFor({ state: 'visible' });
  }

  /** Waits until a text is shown. */
  seesText(text: string | RegExp): Promise<void> {
    return this.sees(this.page.getByText(text));
  }

  /** A field by its label, which has an asterisk where the field must be filled in. */
  field(label: string, within: Locator | Page = this.page): Locator {
    return within.getByLabel(new RegExp(`^${escapeRegExp(label)}( \\*)?$`)).locator('visible=true');
  }

  /** A button by its whole name. */
  button(name: string, within: Locator | Page = this.page): Locator {
    return within.getByRole('button', { name, exact: true });
  }
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

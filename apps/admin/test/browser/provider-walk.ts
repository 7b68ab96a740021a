import type { Locator } from 'playwright-core';
import type { Visit } from './visit.ts';

/** A trial makes a provider and breaks limits on a machine that may be busy. */
const TRIAL_MS = 240_000;

/** What an operator does on the page of a provider, as he does it. */
export class ProviderWalk {
  readonly #visit: Visit;
  readonly #id: string;

  private constructor(visit: Visit, id: string) {
    this.#visit = visit;
    this.#id = id;
  }

  /** Goes to a provider from its card. */
  static async open(visit: Visit, id: string, name: string): Promise<ProviderWalk> {
    await visit.goTo('Providers');
    await visit.page.getByRole('link', { name: `Configure ${name}` }).click();
    await visit.sees(visit.page.getByRole('heading', { level: 1, name }));
    return new ProviderWalk(visit, id);
  }

  /** Types into fields, by their labels. */
  async fill(values: Readonly<Record<string, string>>): Promise<void> {
    for (const [label, value] of Object.entries(values)) {
      await this.#visit.field(label).fill(value);
      await this.#visit.field(label).blur();
    }
  }

  /** Chooses one of some options. */
  async choose(label: string, option: string): Promise<void> {
    await this.#visit.field(label).first().click();
    await this.#visit.page.getByRole('option', { name: new RegExp(`^${option}`) }).click();
  }

  /** Sets or replaces secrets, by their labels. */
  async setSecrets(values: Readonly<Record<string, string>>): Promise<void> {
    for (const [label, value] of Object.entries(values)) {
      await this.#visit.page
        .getByRole('group', { name: label, exact: true })
        .getByRole('button', { name: /^(Set|Replace)$/ })
        .click();
      await this.#visit.field(label).fill(value);
    }
  }

  /** Saves the form as a draft, and gives its number. */
  async saveDraft(reason: string): Promise<number> {
    await this.#visit.button('Save draft').click();
    return this.confirmDraft(reason);
  }

  /** Says why a draft is made, where that is asked. */
  async confirmDraft(reason: string, { makesActive = false }: { readonly makesActive?: boolean } = {}): Promise<number> {
    const dialog = this.#dialog('Save as a draft');
    await this.#visit.field('Why?', dialog).fill(reason);
    if (makesActive) await dialog.getByRole('checkbox').check();
    await this.#visit.button('Save draft', dialog).click();
    await this.#visit.page.waitForURL(new RegExp(`/sandbox-settings/${this.#id}\\?draft=\\d+$`));
    return Number(new URL(this.#visit.page.url()).searchParams.get('draft'));
  }

  /** Tries what is shown, to the end. The dialog stays open. */
  async test(): Promise<'passed' | 'failed'> {
    await this.#visit.button('Test connection').click();
    return this.runTest();
  }

  /** Starts the test whose dialog is open, to the end. */
  async runTest(): Promise<'passed' | 'failed'> {
    await this.#visit.button('Start the test').click();
    const result = this.#visit.page.getByText(/^The test has (passed|failed)$/);
    await result.waitFor({ state: 'visible', timeout: TRIAL_MS });
    return (await result.innerText()).endsWith('passed') ? 'passed' : 'failed';
  }

  /** Closes the dialog that is open. */
  async closeDialog(): Promise<void> {
    const dialog = this.#visit.page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Close', exact: true }).last().click();
    await dialog.waitFor({ state: 'detached' });
  }

  /** Uses the draft that is shown, whatever its consequences. */
  async activate(draft: number): Promise<void> {
    await this.#visit.button('Activate').click();
    await this.#visit.button('Activate now', this.#dialog(`Activate version ${draft}`)).click();
    await this.#visit.seesText(`Version ${draft} is in use.`);
  }

  #dialog(name: string): Locator {
    return this.#visit.page.getByRole('dialog', { name });
  }
}

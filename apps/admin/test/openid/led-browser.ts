/** As much of a browser as goes where it is led, and brings each place its cookies. */
export class LedBrowser {
  readonly #cookies = new Map<string, Map<string, string>>();

  /** Cookies for a place, as they are sent. */
  cookiesFor(origin: string): string {
    return [...(this.#cookies.get(origin) ?? [])].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  setCookie(origin: string, name: string, value: string): void {
    const jar = this.#cookies.get(origin) ?? new Map<string, string>();
    this.#cookies.set(origin, jar.set(name, value));
  }

  /** Goes to a place, and says where it is led from there. */
  async step(url: string): Promise<string | undefined> {
    const { origin } = new URL(url);
    const answer = await fetch(url, { headers: { cookie: this.cookiesFor(origin) }, redirect: 'manual' });
    await answer.text();
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/max-age=0|expires=thu, 01 jan 1970/i.test(line)) this.#cookies.get(origin)?.delete(name);
      else this.setCookie(origin, name, value);
    }
    const location = answer.headers.get('location');
    return location === null ? undefined : new URL(location, url).href;
  }

  /** Goes where it is led until it would come to a place that the test waits for. */
  async goUntil(url: string, isThere: (url: string) => boolean): Promise<string> {
    let at = url;
    for (let steps = 0; !isThere(at) && steps < MOST_STEPS; steps += 1) {
      const next = await this.step(at);
      if (next === undefined) throw new Error(`From ${at} it goes nowhere.`);
      at = next;
    }
    return at;
  }
}

const MOST_STEPS = 12;

/** Looks for secrets in everything that is shown to it, in the clear and in the encodings that anybody can undo. */
export class SecretSearch {
  readonly #forms: ReadonlyMap<string, string>;
  readonly #found: string[] = [];
  #looks = 0;

  constructor(secrets: Readonly<Record<string, string>>) {
    this.#forms = new Map(
      Object.entries(secrets).flatMap(([name, secret]) => formsOf(secret).map((form): [string, string] => [form, name])),
    );
  }

  /** How many texts were looked at. */
  get looks(): number {
    return this.#looks;
  }

  /** Where which secret stood. */
  get found(): readonly string[] {
    return this.#found;
  }

  look(place: string, content: string | Uint8Array): void {
    this.#looks += 1;
    const text = typeof content === 'string' ? content : Buffer.from(content).toString('latin1');
    for (const [form, name] of this.#forms) if (text.includes(form)) this.#found.push(`${name} in ${place}`);
  }
}

/** Base64 depends on where in the text a secret begins, so that there are three ways to write its middle. */
function formsOf(secret: string): string[] {
  const base64 = [0, 1, 2].map((shift) => {
    const encoded = Buffer.from(`${'x'.repeat(shift)}${secret}`)
      .toString('base64')
      .replaceAll('=', '');
    return encoded.slice(shift === 0 ? 0 : 4, -2);
  });
  const bytes = Buffer.from(secret);
  return [secret, ...base64, bytes.toString('hex'), bytes.toString('hex').toUpperCase(), encodeURIComponent(secret)];
}

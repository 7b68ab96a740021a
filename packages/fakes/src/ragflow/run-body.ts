/** A program, as it was sent. */
export interface RunBody {
  readonly code: string;
  readonly language: 'python' | 'nodejs';
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** One finding, as the service's library for checking writes it. */
interface Finding {
  readonly type: string;
  readonly loc: readonly (string | number)[];
  readonly msg: string;
  readonly input: unknown;
  readonly ctx?: Readonly<Record<string, unknown>>;
}

/** What a body turned out to be. */
export type ReadRunBody =
  | { readonly kind: 'run'; readonly body: RunBody }
  | { readonly kind: 'invalid'; readonly detail: readonly Finding[] }
  /** The decoder's failure is nobody's to answer. */
  | { readonly kind: 'not-utf8' };

const invalid = (...detail: Finding[]): ReadRunBody => ({ kind: 'invalid', detail });

/** Reads a body as the service does. */
export function readRunBody(text: string, contentType: string | undefined): ReadRunBody {
  if (text === '') return invalid({ type: 'missing', loc: ['body'], msg: 'Field required', input: null });
  const json = isJsonType(contentType) ? parse(text) : { value: text };
  if (json === undefined)
    return invalid({ type: 'json_invalid', loc: ['body', 0], msg: 'JSON decode error', input: {}, ctx: { error: 'Expecting value' } });
  const body = json.value;
  if (!isRecord(body)) {
    const msg = 'Input should be a valid dictionary or object to extract fields from';
    return invalid({ type: 'model_attributes_type', loc: ['body'], msg, input: body });
  }
  const findings = [...codeFindings(body), ...languageFindings(body['language']), ...argumentsFindings(body['arguments'])];
  if (findings.length > 0) return invalid(...findings);
  const code = utf8Of(Buffer.from(String(body['code_b64']), 'base64'));
  if (code === undefined) return { kind: 'not-utf8' };
  const given = isRecord(body['arguments']) ? body['arguments'] : {};
  return { kind: 'run', body: { code, language: body['language'] === 'nodejs' ? 'nodejs' : 'python', arguments: given } };
}

/** What the client that this protocol was made for would not have sent. */
export function findDeviations(text: string, contentType: string | undefined): string[] {
  const found = contentType === 'application/json' ? [] : [`content-type: ${contentType ?? 'none'}`];
  const body = parse(text)?.value;
  if (!isRecord(body)) return [...found, 'body: not an object'];
  const kinds = { code_b64: 'string', language: 'string', arguments: 'object' };
  const members = Object.entries(kinds).flatMap(([name, kind]) => {
    if (!Object.hasOwn(body, name)) return [`${name}: missing`];
    return typeof body[name] === kind ? [] : [`${name}: ${typeof body[name]}`];
  });
  const unknown = Object.keys(body).filter((name) => !Object.hasOwn(kinds, name));
  return [...found, ...members, ...unknown.map((name) => `${name}: unknown`)];
}

function codeFindings(body: Readonly<Record<string, unknown>>): Finding[] {
  const loc = ['body', 'code_b64'];
  const code = body['code_b64'];
  if (code === undefined) return [{ type: 'missing', loc, msg: 'Field required', input: body }];
  if (typeof code !== 'string') return [{ type: 'string_type', loc, msg: 'Input should be a valid string', input: code }];
  const problem = base64Problem(code);
  if (problem === undefined) return [];
  return [{ type: 'value_error', loc, msg: `Value error, Invalid base64 encoding: ${problem}`, input: code, ctx: { error: {} } }];
}

function languageFindings(language: unknown): Finding[] {
  if (language === undefined || language === 'python' || language === 'nodejs') return [];
  const expected = "'python' or 'nodejs'";
  return [{ type: 'enum', loc: ['body', 'language'], msg: `Input should be ${expected}`, input: language, ctx: { expected } }];
}

function argumentsFindings(given: unknown): Finding[] {
  if (given === undefined || given === null || isRecord(given)) return [];
  return [{ type: 'dict_type', loc: ['body', 'arguments'], msg: 'Input should be a valid dictionary', input: given }];
}

function base64Problem(text: string): string | undefined {
  if (!/^[A-Za-z0-9+/]*=*$/.test(text)) return 'Only base64 data is allowed';
  const characters = text.replace(/=+$/, '').length;
  if (characters % 4 === 1)
    return `Invalid base64-encoded string: number of data characters (${characters}) cannot be 1 more than a multiple of 4`;
  const missingCount = Math.ceil(characters / 4) * 4 - text.length;
  if (missingCount === 0) return undefined;
  return missingCount > 0 ? 'Incorrect padding' : 'Excess data after padding';
}

function isJsonType(contentType: string | undefined): boolean {
  return contentType === undefined || /^application\/([^;]+\+)?json\s*(;|$)/i.test(contentType);
}

function utf8Of(bytes: Buffer): string | undefined {
  const text = bytes.toString('utf8');
  return Buffer.from(text).equals(bytes) ? text : undefined;
}

function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

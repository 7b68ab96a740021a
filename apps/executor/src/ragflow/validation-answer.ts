/** One finding, in the words of the library that checks the bodies of RAGFlow's executor manager. */
export interface ValidationFinding {
  readonly type: string;
  /** Where: `body`, then the way to the member. */
  readonly loc: readonly (string | number)[];
  readonly msg: string;
  readonly input: unknown;
  readonly ctx?: Readonly<Record<string, unknown>>;
}

/** A body that is answered with 422. */
export interface ValidationAnswer {
  readonly detail: readonly ValidationFinding[];
}

/** A body that is no JSON. */
export function notJson(): ValidationFinding {
  return { type: 'json_invalid', loc: ['body', 0], msg: 'JSON decode error', input: {}, ctx: { error: 'Expecting value' } };
}

/** JSON that is no object. */
export function notAnObject(input: unknown): ValidationFinding {
  const msg = 'Input should be a valid dictionary or object to extract fields from';
  return { type: 'model_attributes_type', loc: ['body'], msg, input };
}

/** A member, or the body itself, that must be there and is not. */
export function missing(loc: ValidationFinding['loc'], input: unknown): ValidationFinding {
  return { type: 'missing', loc, msg: 'Field required', input };
}

/** A member whose value breaks a rule that is no matter of types. */
export function badValue(field: string, message: string, input: unknown): ValidationFinding {
  return { type: 'value_error', loc: ['body', field], msg: `Value error, ${message}`, input, ctx: { error: {} } };
}

/** A member of the wrong type. */
export function wrongType(field: string, kind: 'string' | 'dictionary', input: unknown): ValidationFinding {
  const type = kind === 'string' ? 'string_type' : 'dict_type';
  return { type, loc: ['body', field], msg: `Input should be a valid ${kind}`, input };
}

/** A member that is none of the allowed words. */
export function notOneOf(field: string, words: readonly string[], input: unknown): ValidationFinding {
  const expected = words.map((word) => `'${word}'`).join(' or ');
  return { type: 'enum', loc: ['body', field], msg: `Input should be ${expected}`, input, ctx: { expected } };
}

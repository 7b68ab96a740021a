import type { JsonSchema } from './described-api.ts';

/** Chance that comes out the same for the same seed. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** From 0 up to 1: the generator "mulberry32". */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  isIn(share: number): boolean {
    return this.next() < share;
  }

  below(count: number): number {
    return Math.floor(this.next() * count);
  }

  oneOf<Choice>(choices: readonly [Choice, ...Choice[]]): Choice {
    return choices[this.below(choices.length)] ?? choices[0];
  }
}

const NAMES = ['a', 'name', 'a/b.txt', 'A_B', 'ü', ''] as const;
const TEXTS = ['', 'a', '1 + 1', 'python', 'javascript', 'none', 'ü😀', 'a'.repeat(300), 'YQ=='] as const;
const NUMBERS = [0, 1, 2, 100, 1000, 5000, 67_108_864, 134_217_728] as const;

/** Values that no schema wants, or that a careless reader stumbles over. */
const HOSTILE = [
  null,
  true,
  -1,
  0.5,
  1e308,
  -0,
  2 ** 53 + 2,
  '',
  '\0',
  '\ud800',
  '../../etc/passwd',
  '__proto__',
  '${7*7}',
  '%00',
  'a'.repeat(20_000),
  [],
  [[[[]]]],
  {},
  { toString: 1, constructor: null, hasOwnProperty: 2 },
  { length: -1 },
] as const;

/** A value that a schema describes. Sizes are small, and numbers need not be in the range of the contract. */
export function valid(schema: JsonSchema, random: Random, depth = 0): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined && schema.enum.length > 0) return schema.enum[random.below(schema.enum.length)];
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return valid(choices[random.below(choices.length)] ?? {}, random, depth);
  switch (schema.type) {
    case 'string':
      if (schema.format === 'base64') return Buffer.from(random.oneOf(TEXTS)).toString('base64');
      return random
        .oneOf(TEXTS)
        .padEnd(schema.minLength ?? 0, 'x')
        .slice(0, schema.maxLength);
    case 'number':
    case 'integer':
      return random.oneOf(NUMBERS);
    case 'boolean':
      return random.isIn(0.5);
    case 'array':
      return Array.from({ length: random.below(3) }, () => valid(schema.items ?? {}, random, depth + 1));
    case 'object':
      return validObject(schema, random, depth);
    default:
      return depth > 3 ? null : random.oneOf([null, 1, 'a', [1, { b: [] }], { c: { d: 'e' } }]);
  }
}

function validObject(schema: JsonSchema, random: Random, depth: number): Record<string, unknown> {
  const named = Object.entries(schema.properties ?? {}).filter(([name]) => schema.required?.includes(name) === true || random.isIn(0.25));
  const others = schema.additionalProperties;
  const count = typeof others === 'object' ? random.below(3) : 0;
  const more = Array.from({ length: count }, () => [random.oneOf(NAMES), valid(others as JsonSchema, random, depth + 1)] as const);
  return Object.fromEntries([...named.map(([name, member]) => [name, valid(member, random, depth + 1)] as const), ...more]);
}

/** A value that once was valid, with something wrong in one place. */
export function mutated(schema: JsonSchema, random: Random): unknown {
  const value = valid(schema, random);
  if (typeof value !== 'object' || value === null || Array.isArray(value) || random.isIn(0.1)) return hostile(random);
  const members = Object.entries(value as Record<string, unknown>);
  const place = random.below(members.length + 1);
  const isGone = random.isIn(0.2);
  const changed = members.flatMap(([name, member], index) => {
    if (index !== place) return [[name, member] as const];
    const inner = schema.properties?.[name];
    if (isGone) return [];
    return [[name, inner !== undefined && random.isIn(0.5) ? mutated(inner, random) : hostile(random)] as const];
  });
  if (place === members.length) changed.push([`${JSON.stringify(hostile(random))}`.slice(0, 50), hostile(random)]);
  return Object.fromEntries(changed);
}

/** Something that nobody expects. */
export function hostile(random: Random): unknown {
  return HOSTILE[random.below(HOSTILE.length)];
}

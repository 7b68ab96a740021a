import { refusedOption } from '../option-errors.ts';
import { findProblems, type ValueProblem } from './check-value.ts';
import { isStandardSchema, type StandardSchema } from './standard-schema.ts';
import type { StepSchema } from './step-outcome.ts';

/** Names of inputs and outputs: what both languages can write as a name. */
const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,99}$/;

/**
 * Refuses what is no schema, or a name that no program can give.
 *
 * @throws SandboxError `REQUEST_INVALID` naming the option.
 */
export function checkStepSchema(schema: unknown, option: 'inputs' | 'outputs'): void {
  if (isStandardSchema(schema)) return;
  if (typeof schema !== 'object' || schema === null) throw refusedOption(option, 'must be a schema, or an object of schemas');
  const entries = Object.entries(schema);
  if (option === 'outputs' && entries.length === 0) throw refusedOption(option, 'has no output');
  for (const [name, one] of entries) {
    if (!NAME.test(name) || name === '__proto__')
      throw refusedOption(`${option}.${name}`, 'is no name: letters, digits and "_", no digit first');
    if (!isStandardSchema(one)) throw refusedOption(`${option}.${name}`, 'is no schema');
  }
}

/** What is wrong with a value: with the whole of it, or with its named fields. Fields without a schema are not looked at. */
export async function findStepProblems(schema: StepSchema, value: unknown, root: string): Promise<ValueProblem[]> {
  if (isStandardSchema(schema)) return findProblems(schema, value, root);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return [{ path: root, message: `must be an object with ${Object.keys(schema).join(', ')}` }];
  const problems: ValueProblem[] = [];
  for (const [name, one] of Object.entries<StandardSchema>(schema)) {
    problems.push(...(await findProblems(one, memberOf(value, name), `${root}.${name}`)));
  }
  return problems;
}

/** The whole value, or its named fields without the others. A field that is absent stays absent. */
export function pickStepValues(schema: StepSchema, value: unknown): unknown {
  if (isStandardSchema(schema) || typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.keys(schema).flatMap((name) => (Object.hasOwn(value, name) ? [[name, memberOf(value, name)] as const] : [])),
  );
}

function memberOf(value: object, name: string): unknown {
  return Object.hasOwn(value, name) ? (Reflect.get(value, name) as unknown) : undefined;
}

import type { ErrorSchema, RJSFSchema, RJSFValidationError, ValidationData, ValidatorType } from '@rjsf/utils';
import { findSchemaProblems, type SchemaProblem } from './schema-problems.ts';

/** Says a problem in the language of the page. */
export type SayProblem = (problem: SchemaProblem) => string;

/** What the form library asks about data and schemas. */
export function createFormValidator(say: SayProblem): ValidatorType<Record<string, unknown>> {
  return {
    validateFormData: (data, schema): ValidationData<Record<string, unknown>> => {
      const problems = findSchemaProblems(schema, data ?? {});
      return {
        errors: problems.map((problem) => errorOf(problem, say)),
        errorSchema: errorSchemaOf(problems.map((problem) => ({ path: problem.path, message: say(problem) }))),
      };
    },
    isValid: (schema: RJSFSchema, data) => findSchemaProblems(schema, data).length === 0,
    rawValidation: <Result>(schema: RJSFSchema, data?: Record<string, unknown>) => ({
      errors: findSchemaProblems(schema, data) as Result[],
    }),
  };
}

function errorOf(problem: SchemaProblem, say: SayProblem): RJSFValidationError {
  const message = say(problem);
  return { property: `.${problem.path.join('.')}`, name: problem.keyword, message, stack: message };
}

/** Messages at their places, as the form library takes them. */
export function errorSchemaOf(
  problems: readonly { readonly path: readonly string[]; readonly message: string }[],
): ErrorSchema<Record<string, unknown>> {
  const root: Record<string, unknown> = {};
  for (const { path, message } of problems) {
    let place = root;
    for (const part of path) {
      const below = Object.hasOwn(place, part) ? (place[part] as Record<string, unknown>) : {};
      // Names come from data: one like `__proto__` must become a member, and nothing else.
      Object.defineProperty(place, part, { value: below, enumerable: true, configurable: true, writable: true });
      place = below;
    }
    const messages = Array.isArray(place['__errors']) ? (place['__errors'] as string[]) : [];
    place['__errors'] = [...messages, message];
  }
  return root as ErrorSchema<Record<string, unknown>>;
}

import type { FieldProblem } from '../../../api/api-problem.ts';

/** What the server found, at the fields of the form; what is at none of them is told above it. */
export interface PlacedProblems {
  readonly placed: readonly { readonly path: readonly string[]; readonly message: string }[];
  readonly others: readonly FieldProblem[];
}

/** Finds the fields that the server means: it names them with the path of the whole body, such as `change.providers.docker.memoryBytes`. */
export function placeProblems(problems: readonly FieldProblem[], names: ReadonlySet<string>): PlacedProblems {
  const placed: { path: readonly string[]; message: string }[] = [];
  const others: FieldProblem[] = [];
  for (const problem of problems) {
    const parts = problem.field.split('.');
    const index = parts.findIndex((part) => names.has(part));
    if (index === -1) others.push(problem);
    else placed.push({ path: parts.slice(index), message: problem.message });
  }
  return { placed, others };
}

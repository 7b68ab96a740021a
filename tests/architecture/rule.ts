import type { PackageModel, WorkspaceModel } from './workspace-model.ts';

/** Something that must hold of the whole house. */
export interface Rule {
  readonly title: string;
  /** One sentence for each place where it does not hold. */
  readonly findViolations: (workspace: WorkspaceModel) => readonly string[];
}

/** A rule that looks at one package at a time. */
export function packageRule(title: string, findIn: (model: PackageModel, workspace: WorkspaceModel) => readonly string[]): Rule {
  return {
    title,
    findViolations: (workspace) =>
      workspace.packages.flatMap((model) => findIn(model, workspace).map((finding) => `${model.group}/${model.folder}: ${finding}`)),
  };
}

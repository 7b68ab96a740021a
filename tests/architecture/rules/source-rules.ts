import { isTestFile } from '../package-kind.ts';
import { packageRule } from '../rule.ts';

const maximumLines = 300;

/** Names that say nothing attract everything. */
const emptyNames = new Set(['util', 'utils', 'helper', 'helpers', 'type', 'types', 'common', 'misc', 'shared']);

/** A program that is started, never imported. */
const programs = new Set(['src/main.ts']);

/** What is exported is decided name by name. */
export const explicitExports = packageRule('exports are explicit lists', (model) =>
  model.modules.filter((module) => module.hasExportStar).map((module) => `${module.path} exports everything of another module`),
);

/** `require()` of an ES module works on every supported Node only as long as nothing waits while it is loaded. */
export const noTopLevelAwait = packageRule('published modules can be loaded with require()', (model) =>
  model.modules
    .filter((module) => module.hasTopLevelAwait && !isTestFile(module.path) && !programs.has(module.path))
    .map((module) => `${module.path} awaits while it is loaded`),
);

/** A file fits into a reader's head. */
export const fileLength = packageRule(`no file is longer than ${maximumLines} lines`, (model) =>
  model.modules.filter((module) => module.lineCount > maximumLines).map((module) => `${module.path} has ${module.lineCount} lines`),
);

/** A file and a folder are named after what they hold. */
export const tellingNames = packageRule('names of files and folders say what is inside', (model) =>
  model.files
    .filter((file) =>
      file
        .split('/')
        .map((part) => part.split('.')[0] ?? '')
        .some((part) => emptyNames.has(part)),
    )
    .map((file) => `${file} has a name that says nothing`),
);

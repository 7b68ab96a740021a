const always = [
  'isolation/no-network',
  'isolation/other-processes',
  'isolation/host-files',
  'isolation/fresh-shared-folders',
  'isolation/detached-process-ends',
];

const asRoot = ['isolation/not-root', 'isolation/no-capabilities', 'isolation/read-only-root'];

/** What a child process of the host cannot keep: the cases that the reference fails, without their language. */
export const beyondReach: readonly string[] = process.getuid?.() === 0 ? [...always, ...asRoot] : always;

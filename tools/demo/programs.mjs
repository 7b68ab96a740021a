// @ts-check

const callArguments = { name: 'World', count: 3 };

/** One function, written in both languages, called with the same arguments. */
export const demoPrograms = /** @type {const} */ ([
  {
    title: 'Python',
    request: {
      language: 'python',
      code: 'def main(name: str, count: int) -> dict:\n    return {"message": f"Hello {name}!" * count}\n',
      arguments: callArguments,
    },
  },
  {
    title: 'JavaScript',
    request: {
      language: 'javascript',
      code: 'export function main({ name, count }) {\n  return { message: `Hello ${name}!`.repeat(count) };\n}\n',
      arguments: callArguments,
    },
  },
]);

/** What both must give. */
export const expectedValue = { message: 'Hello World!Hello World!Hello World!' };

import type { ConformanceCase } from '../conformance-case.ts';
import { inEachLanguage } from '../define-case.ts';
import { expectEqual, expectStatus, expectTrue, expectValue } from '../expectations.ts';

/** The environment of the program is bare, but for what the caller gives. */
export const environmentCases: readonly ConformanceCase[] = [
  inEachLanguage({
    id: 'environment/variables',
    title: 'hands variables over exactly',
    requires: ['environment'],
    programs: {
      python: 'import os\ndef main(names):\n    return {name: os.environ.get(name) for name in names}\n',
      javascript: 'const main = ({ names }) => Object.fromEntries(names.map((name) => [name, process.env[name] ?? null]));\n',
    },
    async run(context, { code, language }) {
      const environment = {
        PLAIN: 'value',
        EMPTY: '',
        UNICODE: 'naïve 漢字 🦊',
        QUOTES: `'single' "double" \`back\` $(exit 9) \${HOME} \\`,
        LINES: 'one\ntwo\r\n',
        EQUALS: '=a=b=',
        lower_case: ' spaces ',
      };
      const result = await context.execute({ code, language, environment, arguments: { names: Object.keys(environment) } });
      expectValue(result, environment);
    },
  }),
  inEachLanguage({
    id: 'environment/no-host-variables',
    title: "shows the program nothing of the host process's environment",
    programs: {
      python: 'import os\ndef main():\n    return dict(os.environ)\n',
      javascript: 'const main = () => ({ ...process.env });\n',
    },
    async run(context, { code, language }) {
      const result = await context.execute({ code, language });
      expectStatus(result, 'completed');
      const { name, value } = context.hostSecret;
      const text = JSON.stringify(result.value);
      expectTrue(!text.includes(name) && !text.includes(value), 'the planted variable is absent', Object.keys(result.value ?? {}));
      const secrets = context.plantedSecrets.filter((secret) => text.includes(secret));
      expectEqual(secrets.length, 0, 'secrets of the configuration in the environment');
    },
  }),
].flat();

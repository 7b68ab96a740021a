import type { PlaygroundBody } from '@sandport/admin-api';

/** Where each provider comes from. */
const PROVIDER_IMPORTS: Readonly<Record<string, { readonly name: string; readonly from: string }>> = {
  wasm: { name: 'wasmProvider', from: '@sandport/provider-wasm' },
  docker: { name: 'dockerProvider', from: '@sandport/provider-docker' },
  aliyun_codeinterpreter: { name: 'aliyunProvider', from: '@sandport/provider-aliyun' },
  e2b: { name: 'e2bProvider', from: '@sandport/provider-e2b' },
  self_managed: { name: 'selfManagedProvider', from: '@sandport/provider-self-managed' },
};

/** What the code depends on besides the program. */
export interface ClientCodeOptions {
  /** Ids of the providers that the configuration may choose: that of the run, the active one, those it falls back to. */
  readonly providerIds: readonly string[];
  /** Where the settings are, without a password. */
  readonly settingsLocation: string;
}

/** A whole program in TypeScript that makes the same call with `@sandport/client`, from the configuration that is stored. */
export function clientCode(body: PlaygroundBody, { providerIds, settingsLocation }: ClientCodeOptions): string {
  const providers = [...new Set(providerIds)].flatMap((id) => PROVIDER_IMPORTS[id] ?? []);
  const { version } = body.configuration;
  return [
    "import { createSandboxClient } from '@sandport/client';",
    ...providers.map(({ name, from }) => `import { ${name} } from '${from}';`),
    "import { openSettings } from '@sandport/settings';",
    '',
    '// Follows the stored configuration: whichever provider it names runs the program.',
    'const client = createSandboxClient({',
    `  settings: () => openSettings(process.env['SANDPORT_SETTINGS'] ?? ${literal(settingsLocation)}),`,
    `  providers: [${providers.map(({ name }) => name).join(', ')}],`,
    ...(typeof version === 'number'
      ? ['  // Stays with this version of the configuration, whichever is in use.', `  version: ${version},`]
      : []),
    '});',
    '',
    'try {',
    '  const result = await client.execute({',
    ...requestLines(body).map((line) => `    ${line}`),
    '  });',
    "  console.log(result.status, result.status === 'completed' ? result.value : result.error);",
    '  for (const { path, sizeBytes } of result.artifacts.files) console.log(path, sizeBytes);',
    '} finally {',
    '  await client.close();',
    '}',
    '',
  ].join('\n');
}

function requestLines({ code, language, arguments: given, environment, files, stdin, limits }: PlaygroundBody): string[] {
  return [
    `code: ${textBlock(code)},`,
    ...(language === undefined ? [] : [`language: ${literal(language)},`]),
    ...(given === undefined ? [] : [`arguments: ${literal(given)},`]),
    ...(environment === undefined ? [] : [`environment: ${literal(environment)},`]),
    ...(files === undefined ? [] : ['files: {', ...fileLines(files).map((line) => `  ${line}`), '},']),
    ...(stdin === undefined || stdin === 'stream' ? [] : [`stdin: ${contentOf(stdin)},`]),
    ...(limits === undefined ? [] : [`limits: ${literal(limits)},`]),
  ];
}

function fileLines(files: NonNullable<PlaygroundBody['files']>): string[] {
  return Object.entries(files).map(([path, content]) => `${literal(path)}: ${contentOf(content)},`);
}

type Content = Exclude<NonNullable<PlaygroundBody['stdin']>, 'stream'>;

function contentOf(content: Content): string {
  return 'text' in content ? literal(content.text) : `Buffer.from(${literal(content.base64)}, 'base64')`;
}

/** A text of several lines as one that can be read. */
function textBlock(text: string): string {
  if (!text.includes('\n')) return literal(text);
  return `\`${text.replaceAll(/[\\`]|\$(?=\{)/g, '\\$&').replaceAll('\r', '\\r')}\``;
}

/** JSON is a literal of TypeScript, but for two line ends that a text may have in it, and a member that would be a prototype. */
function literal(value: unknown): string {
  return JSON.stringify(value).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029').replaceAll('"__proto__":', '["__proto__"]:');
}

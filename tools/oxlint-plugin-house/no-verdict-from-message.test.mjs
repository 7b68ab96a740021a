// @ts-check
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const folder = mkdtempSync(path.join(tmpdir(), 'sandport-lint-'));
const plugin = fileURLToPath(new URL('index.mjs', import.meta.url));
const oxlint = fileURLToPath(new URL('../../node_modules/.bin/oxlint', import.meta.url));
const config = path.join(folder, 'oxlintrc.json');
writeFileSync(config, JSON.stringify({ plugins: [], jsPlugins: [plugin], rules: { 'house/no-verdict-from-message': 'error' } }));

afterAll(() => rmSync(folder, { recursive: true }));

/**
 * @param {string} code
 * @returns {number} how often the rule speaks
 */
function findings(code) {
  const file = path.join(folder, 'sample.ts');
  writeFileSync(file, code);
  const { stdout } = spawnSync(oxlint, ['-c', config, '--format', 'json', file], { encoding: 'utf8', timeout: 20_000 });
  const { diagnostics } = /** @type {{ diagnostics: { code: string }[] }} */ (JSON.parse(stdout));
  return diagnostics.filter(({ code: rule }) => rule === 'house(no-verdict-from-message)').length;
}

test.each([
  `if (error.message.includes('timeout')) retry();`,
  `if (error?.message?.startsWith('E')) retry();`,
  `if ((error as Error).message.toLowerCase().match(/oom/)) retry();`,
  `if (/oom/.test(error.message)) retry();`,
  `if (pattern.exec(result.stderr) !== null) retry();`,
  `if (error.message === 'socket hang up') retry();`,
])('reports %s', (code) => {
  expect(findings(code)).toBe(1);
});

test.each([
  `if (error.code === 'ECONNREFUSED') retry();`,
  `if (names.includes('message')) retry();`,
  `log(error.message.slice(0, 40));`,
  `if (error.message === other.message) retry();`,
])('leaves alone %s', (code) => {
  expect(findings(code)).toBe(0);
});

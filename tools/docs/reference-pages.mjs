// @ts-check
/** Writes the reference pages that need more than a table: the HTTP API, and the index of all pages. What they are made from must have been built. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describeServices } from './describe-services.mjs';
import { renderDocumentationIndex } from './documentation-index.mjs';
import { openApiText, renderHttpApiPage } from './http-api-page.mjs';

/**
 * @param {string} folder that of the documentation
 * @param {(line: string) => void} log
 */
export async function writeReferencePages(folder, log) {
  await writeHttpApi(folder, log);
  await writeIndex(folder, log);
}

/**
 * @param {string} folder
 * @param {(line: string) => void} log
 */
async function writeHttpApi(folder, log) {
  const described = await describeServices();
  for (const name of /** @type {const} */ (['executor', 'admin'])) {
    await writeFile(path.join(folder, 'openapi', `${name}.json`), openApiText(described[name]));
    log(`wrote docs/openapi/${name}.json`);
  }
  const { SERVICE_PROBLEMS: problems } = await import('../../packages/executor-api/dist/index.js');
  const page = path.join(folder, 'http-api.md');
  await writeFile(page, renderHttpApiPage(await readFile(page, 'utf8'), { ...described, problems }));
  log('wrote docs/http-api.md');
}

/**
 * @param {string} folder
 * @param {(line: string) => void} log
 */
async function writeIndex(folder, log) {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.md') && name !== 'README.md');
  const pages = await Promise.all(
    names.map(async (name) => /** @type {const} */ ([name.replaceAll(path.sep, '/'), await readFile(path.join(folder, name), 'utf8')])),
  );
  await writeFile(path.join(folder, 'README.md'), renderDocumentationIndex(new Map(pages)));
  log('wrote docs/README.md');
}

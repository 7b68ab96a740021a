import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { serveHandlers } from '../../apps/admin/test/server/served-app.ts';
import { standInHandlers } from '../../apps/admin/test/server/stand-in-handlers.ts';
import { ask, startInstantExecutor } from '../../apps/executor/test/instant-executor.ts';
import { ROUTES } from '../../packages/admin-api/src/index.ts';
import { OTHER_ROUTES, ROUTES as EXECUTOR_ROUTES, SERVICE_PROBLEMS } from '../../packages/executor-api/src/index.ts';
import { openApiText, renderHttpApiPage, type ApiDocument } from '../../tools/docs/http-api-page.mjs';

const read = (path: string): string => readFileSync(new URL(`../../docs/${path}`, import.meta.url), 'utf8');

async function describedBy(): Promise<{ readonly executor: ApiDocument; readonly admin: ApiDocument }> {
  await using served = await startInstantExecutor();
  const executor = JSON.parse((await ask(served, 'GET /openapi.json')).body) as ApiDocument;
  const { address } = await serveHandlers(standInHandlers());
  const answer = await fetch(`${address}${ROUTES.describeApi.path}`, { headers: { authorization: 'Bearer admin' } });
  return { executor, admin: (await answer.json()) as ApiDocument };
}

test('docs/http-api.md and docs/openapi say what the services say of themselves (otherwise: npm run docs)', async () => {
  const { executor, admin } = await describedBy();
  expect(read('openapi/executor.json')).toBe(openApiText(executor));
  expect(read('openapi/admin.json')).toBe(openApiText(admin));
  const page = read('http-api.md');
  expect(page).toBe(renderHttpApiPage(page, { executor, admin, problems: SERVICE_PROBLEMS }));
});

test('every path of both services is on the page', () => {
  const page = read('http-api.md');
  const paths = [
    ...Object.values(EXECUTOR_ROUTES),
    ...Object.values(OTHER_ROUTES).filter((path) => path !== '/'),
    ...Object.values(ROUTES).map(({ path }) => path),
  ];
  expect(paths.filter((path) => !page.includes(`${path}\``))).toEqual([]);
});

import { expect, test } from 'vitest';
import { ask, requestText, startInstantExecutor, type InstantExecutor } from '../instant-executor.ts';
import { answerTo, RawConnection } from '../raw-connection.ts';

const SECRET = /planted/i;

/** Everything that can be said to an executor, each with something that is nobody's business. */
async function sayEverything(served: InstantExecutor): Promise<void> {
  const program = {
    code: 'print("planted-code")',
    arguments: { 'planted-name': 'planted-argument' },
    environment: { PLANTED: 'planted-variable' },
    files: { 'planted-file': { text: 'planted-content' } },
    stdin: { text: 'planted-input' },
  };
  served.provider.stdout = 'planted-output';
  const body = JSON.stringify(program);
  for (const accept of ['application/json', 'application/x-ndjson', 'text/event-stream'])
    await ask(served, 'POST /v1/executions', {
      body,
      headers: { accept, 'idempotency-key': `planted-key-${accept}`, cookie: 'planted=cookie' },
    });
  await ask(served, 'POST /v1/executions', { body, headers: { 'idempotency-key': 'planted-key-application/json' } });
  const refused = [
    { ...program, limits: { 'planted-limit': 1 } },
    { ...program, language: 'planted-language' },
    { ...program, environment: { 'planted variable': '' } },
    { ...program, limits: { timeoutMs: 'planted' } },
  ];
  for (const wrong of refused) await ask(served, 'POST /v1/executions', { body: JSON.stringify(wrong) });
  await ask(served, 'POST /v1/executions', { body: body.slice(0, -1) });
  await ask(served, 'POST /v1/executions', { body: 'planted', headers: { 'content-type': 'text/planted' } });
  await ask(served, 'POST /v1/executions', { body, token: 'planted-token' });
  await ask(served, 'GET /planted/path?planted=query');
  await ask(served, 'GET /v1/sandboxes/planted-sandbox');
  await ask(served, 'GET /v1/sandboxes/%planted');
  const form = `--b\r\ncontent-disposition: form-data; name="planted"; filename="planted"\r\n\r\nplanted\r\n`;
  await ask(served, 'POST /v1/executions', { body: form, headers: { 'content-type': 'multipart/form-data; boundary=b' } });
  await answerTo(served.address, 'planted nonsense\r\n\r\n');
  const { body: made } = await ask(served, 'POST /v1/sandboxes', { body: '{}' });
  const at = `/v1/sandboxes/${(JSON.parse(made) as { readonly id: string }).id}`;
  const bytes = { body: 'planted-bytes', headers: { 'content-type': 'application/octet-stream' } };
  await ask(served, `PUT ${at}/file?path=planted-path`, bytes);
  await ask(served, `GET ${at}/file?path=planted-path`);
  await ask(served, `GET ${at}/file?path=../planted`);
  await ask(served, `POST ${at}/contexts/context-1/executions`, { body: JSON.stringify({ code: program.code }) });
  const broken = await RawConnection.open(served.address);
  broken.send(requestText(served, `PUT ${at}/file?path=planted-half`, bytes).slice(0, -3));
  broken.socket.end();
  await broken.untilEnd();
  await ask(served, `DELETE ${at}`);
}

test('the log tells of every call, and nothing of what was sent or answered', async () => {
  const lines: string[] = [];
  await using served = await startInstantExecutor({ log: { write: (line) => lines.push(line) } });
  await sayEverything(served);
  expect(lines.length).toBeGreaterThan(25);
  expect(lines.filter((line) => SECRET.test(line) || line.includes(served.token))).toEqual([]);
});

test('nothing that was sent is taken for a fault of ours', async () => {
  const lines: string[] = [];
  await using served = await startInstantExecutor({ log: { write: (line) => lines.push(line) } });
  await sayEverything(served);
  const levels = lines.map((line) => (JSON.parse(line) as { readonly level: number }).level);
  expect(Math.max(...levels)).toBeLessThan(50);
});

test('programs and what they print are in the log where the operator wants them there, and tokens are not', async () => {
  const lines: string[] = [];
  await using served = await startInstantExecutor({ config: { log: { showCode: true } }, log: { write: (line) => lines.push(line) } });
  await sayEverything(served);
  const text = lines.join('');
  expect([text.includes('planted-code'), text.includes('planted-output')]).toEqual([true, true]);
  for (const secret of [served.token, 'planted-token', 'planted-key', 'planted=cookie']) expect(text).not.toContain(secret);
});

test('the metrics tell nothing that a caller chose', async () => {
  await using served = await startInstantExecutor();
  await sayEverything(served);
  const { body } = await ask(served, 'GET /metrics');
  expect(body).toContain('sandport_executor_requests_total');
  expect(SECRET.test(body)).toBe(false);
});

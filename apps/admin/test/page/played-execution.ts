import { Buffer } from 'node:buffer';
import { crc32, deflateSync } from 'node:zlib';
import type { EventOf } from '@sandport/admin-api';

type ExecutionEvent = EventOf<'executeProgram'>;
type ProgramResult = Extract<ExecutionEvent, { readonly type: 'result' }>['result'];

/** A program that leaves a picture, a table and what must not be shown; or, where its code divides, one that fails. */
export function playedExecution(code: string): ExecutionEvent[] {
  return [
    { type: 'accepted', id: 'execution-1' },
    { type: 'output', stream: 'stdout', text: 'counting 3 numbers\n' },
    { type: 'output', stream: 'stderr', text: 'a warning\n' },
    { type: 'alive' },
    { type: 'result', result: code.includes('divide') ? failedResult() : completedResult() },
  ];
}

function completedResult(): ProgramResult {
  return {
    ...FACTS,
    status: 'completed',
    error: null,
    value: { sum: 6.5 },
    valueJson: '{"sum":18446744073709551617,"scaled":[2.0,4,7.5],"text":"<img src=x onerror=alert(1)>"}',
  };
}

function failedResult(): ProgramResult {
  const traceback =
    'Traceback (most recent call last):\n  File "main.py", line 7, in main\n    return divide(1, 0)\nZeroDivisionError: division by zero';
  return { ...FACTS, status: 'failed', error: { type: 'ZeroDivisionError', message: 'division by zero', traceback } };
}

const file = (path: string, mediaType: string, content: string | Uint8Array) => {
  const bytes = Buffer.from(content);
  return { path, mediaType, sizeBytes: bytes.byteLength, content: bytes.toString('base64') };
};

const FACTS = {
  stdout: 'counting 3 numbers\n<script>alert("x")</script>\n',
  stderr: 'a warning\n',
  truncated: { stdout: false, stderr: true },
  exitCode: 0,
  signal: null,
  artifacts: {
    files: [
      file('curve.png', 'image/png', picture()),
      file('table.csv', 'text/csv', 'name,count\n"a, b",1\n=cmd(),2\n'),
      file('page.html', 'text/html', '<script>alert(1)</script>'),
      file('drawing.svg', 'image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
      file('notes/readme.md', 'text/markdown', '# Notes\n\nNothing here is rendered.\n'),
    ],
    omitted: [{ path: 'huge.bin', reason: 'size-limit', sizeBytes: 99_999_999 }],
    complete: false,
  },
  clock: { queueMs: 0.4, claimMs: 12.3, startMs: 5.1, runMs: 230.5, collectMs: 9.9, totalMs: 258.2 },
  evidence: [
    { kind: 'isolation', observer: 'supervisor', isolation: 'gvisor', measuredBy: 'guest-kernel-log' },
    { kind: 'exit', observer: 'supervisor', exitCode: 0, signal: null },
    { kind: 'value-channel', observer: 'supervisor', state: 'value' },
  ],
  isolation: { kind: 'gvisor', measuredBy: 'guest-kernel-log', hardening: ['user', 'capabilities', 'no-new-privileges'] },
  providerId: 'docker',
  language: 'python',
} satisfies Omit<Extract<ProgramResult, { readonly status: 'failed' }>, 'status' | 'error'>;

/** A curve as a PNG of grey points. */
function picture(): Uint8Array {
  const [width, height] = [320, 120];
  const points = Buffer.alloc((width + 1) * height, 255);
  for (let y = 0; y < height; y += 1) points[y * (width + 1)] = 0;
  for (let x = 0; x < width; x += 1) {
    const middle = Math.round(height / 2 - Math.sin(x / 30) * height * 0.4);
    for (let y = middle - 1; y <= middle + 1; y += 1) points[y * (width + 1) + 1 + x] = 60;
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(points)), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(kind: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(kind), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

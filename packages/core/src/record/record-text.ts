import { Buffer } from 'node:buffer';
import { describeIssue } from '../errors/describe-issue.ts';
import { SandboxError } from '../errors/sandbox-error.ts';
import { executionRecordSchema, MAX_RECORD_BYTES, type ExecutionRecord } from './execution-record.ts';

/**
 * A record as one JSON document with a line end.
 *
 * @throws SandboxError `REQUEST_INVALID` when it is larger than {@link MAX_RECORD_BYTES}.
 */
export function writeRecord(record: ExecutionRecord): string {
  const text = `${JSON.stringify(record, null, 2)}\n`;
  checkSize(Buffer.byteLength(text));
  return text;
}

/**
 * The record that {@link writeRecord} wrote. The text is taken for an attacker's: everything but exactly such a record is refused.
 *
 * @throws SandboxError `REQUEST_INVALID` naming the field.
 */
export function readRecord(text: string): ExecutionRecord {
  checkSize(Buffer.byteLength(text));
  const parsed = executionRecordSchema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  const { field, message } = describeIssue(parsed.error, 'record');
  throw refuse(field, message, parsed.error);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // The parser's own words quote the text.
    throw refuse('record', 'is not JSON', error);
  }
}

function checkSize(sizeBytes: number): void {
  if (sizeBytes > MAX_RECORD_BYTES) throw refuse('record', `has ${sizeBytes} bytes; the most is ${MAX_RECORD_BYTES}`);
}

function refuse(field: string, message: string, cause?: unknown): SandboxError {
  return new SandboxError('REQUEST_INVALID', `${field}: ${message} (record of an execution).`, {
    suggestion: 'Give a record as this version of Sandport writes it, with less input where it is too large.',
    details: { field },
    cause,
  });
}

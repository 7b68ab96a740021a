'use strict';
// The two channels between a runner and its host: jobs come in on one descriptor, reports leave on the other. See README.md. User code may
// replace any built-in before a report is written, so what is needed is taken when the runner boots.

const { readSync, writeSync, closeSync } = require('node:fs');
const { uncurry } = require('./javascript_value.cjs');

const LENGTH_BYTES = 4;

const bufferOf = Buffer.from;
const bufferAlloc = Buffer.alloc;
const copyBytes = uncurry(Buffer.prototype.copy);
const writeLength = uncurry(Buffer.prototype.writeUInt32BE);
const sleep = Atomics.wait.bind(Atomics, new Int32Array(new SharedArrayBuffer(4)), 0, 0);

/** The descriptors that stand on the runner's command line, or the usual ones. */
const [jobDescriptor, reportDescriptor] = process.argv.length > 3 ? process.argv.slice(2, 4).map(Number) : [3, 4];

function sendReady() {
  writeAll(reportDescriptor, bufferOf('R'));
}

/** Writes one report. `payload` is text. */
function sendReport(kind, payload) {
  const body = bufferOf(payload, 'utf8');
  const bytes = bufferAlloc(1 + LENGTH_BYTES + body.length, kind);
  writeLength(bytes, body.length, 1);
  copyBytes(body, bytes, 1 + LENGTH_BYTES);
  writeAll(reportDescriptor, bytes);
}

function closeReports() {
  try {
    closeSync(reportDescriptor);
  } catch {
    // The program closed it already: its report is lost, which the host sees as an empty channel.
  }
}

/** Writes text to stderr as a whole, also when somebody made the descriptor non-blocking. */
function writeError(text) {
  writeAll(2, bufferOf(text));
}

function writeAll(descriptor, bytes) {
  let written = 0;
  while (written < bytes.length) {
    try {
      written += writeSync(descriptor, bytes, written);
    } catch (error) {
      // Somebody made the descriptor non-blocking; any other failure means that nobody reads.
      if (error.code !== 'EAGAIN') return;
      sleep(2);
    }
  }
}

/** Waits for the only job and closes its channel; undefined when that ends before a whole job came. */
function readJob() {
  const header = readExactly(LENGTH_BYTES);
  const body = header === undefined ? undefined : readExactly(header.readUInt32BE(0));
  closeSync(jobDescriptor);
  return body === undefined ? undefined : JSON.parse(body.toString('utf8'));
}

function readExactly(size) {
  const bytes = Buffer.alloc(size);
  let count = 0;
  while (count < size) {
    try {
      const read = readSync(jobDescriptor, bytes, count, size - count, null);
      if (read === 0) return undefined;
      count += read;
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
      sleep(2);
    }
  }
  return bytes;
}

module.exports = { closeReports, jobDescriptor, readJob, sendReady, sendReport, writeError };

/** Does what a session asks for in a sandbox of JavaScript, with Node. */
export const JAVASCRIPT_PROGRAM = `const { spawn } = require('node:child_process');
const fs = require('node:fs');
const { constants } = require('node:os');

const operations = { place, command, stat, list, delete: deleteFile };

async function main({ operation, ...given }) {
  try {
    return await operations[operation](given);
  } catch (error) {
    if (typeof error?.code !== 'string') throw error;
    return { problem: error.code };
  }
}

function isUsable(path) {
  try {
    fs.accessSync(path, fs.constants.X_OK);
    return true;
  } catch (error) {
    if (typeof error?.code !== 'string') throw error;
    return false;
  }
}

function shell() {
  return ['/bin/bash', '/usr/bin/bash'].find(isUsable) ?? '/bin/sh';
}

// Without its first option, bash takes a socket as its input for a login from afar, and reads what lies in the work folder as its own settings.
function shellArguments(text) {
  return shell().endsWith('/bash') ? ['--norc', '-c', text] : ['-c', text];
}

function place() {
  return { workFolder: process.cwd(), shell: shell() };
}

async function command({ text, workingDirectory, environment }) {
  if (!isUsable(workingDirectory) || !fs.statSync(workingDirectory).isDirectory()) return { isNoFolder: true };
  return await new Promise((resolve, reject) => {
    const started = spawn(shell(), shellArguments(text), { stdio: [0, 1, 2], cwd: workingDirectory, env: { ...process.env, ...environment } });
    started.once('error', reject);
    started.once('exit', (code, signal) => resolve({ exitCode: code ?? 128 + constants.signals[signal] }));
  });
}

function typeOf(found) {
  if (found.isSymbolicLink()) return 'symlink';
  return found.isFile() ? 'file' : found.isDirectory() ? 'directory' : 'other';
}

function stat({ path }) {
  const found = fs.statSync(path, { throwIfNoEntry: false });
  return { found: found === undefined ? null : { type: typeOf(found), size: found.size } };
}

function list({ path, count }) {
  const entries = [];
  if (!fs.existsSync(path)) return { entries: null };
  const folder = fs.opendirSync(path);
  for (let entry = folder.readSync(); entry !== null; entry = folder.readSync()) {
    if (entries.length === count) return { problem: 'more than ' + count + ' entries' };
    entries.push({ name: entry.name, type: typeOf(entry) });
  }
  return { entries };
}

function deleteFile({ path }) {
  const found = fs.lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return { isDeleted: false };
  if (found.isDirectory()) return { problem: 'it is a directory' };
  fs.unlinkSync(path);
  return { isDeleted: true };
}
`;

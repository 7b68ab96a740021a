// Asks the executor of this container whether it lives. Exit code 0 means yes.
import { readFileSync } from 'node:fs';
import { request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { connect } from 'node:net';

const timeoutMs = 4_000;
const { SANDPORT_EXECUTOR_CONFIG: file, SANDPORT_EXECUTOR_LISTEN_PORT: port, SANDPORT_EXECUTOR_TLS_CERT_FILE: certFile } = process.env;
const config = file === undefined ? {} : JSON.parse(readFileSync(file, 'utf8'));
const clientCaFile = process.env.SANDPORT_EXECUTOR_TLS_CLIENT_CA_FILE ?? config.tls?.clientCaFile;
const address = { host: '127.0.0.1', port: Number(port ?? config.listen?.port ?? 9385), timeout: timeoutMs };

if (clientCaFile !== undefined) {
  // Without a client's certificate nothing is answered. That the port takes a connection is all that can be seen from here.
  const socket = connect(address, () => end(0));
  socket.once('error', () => end(1)).once('timeout', () => end(1));
} else {
  const hasTls = certFile !== undefined || config.tls !== undefined;
  // The certificate is for the name that callers use, not for this address.
  const options = { ...address, path: '/healthz', ...(hasTls ? { rejectUnauthorized: false } : {}) };
  const asked = (hasTls ? tlsRequest : plainRequest)(options, (answer) => end(answer.statusCode === 200 ? 0 : 1));
  asked.once('error', () => end(1)).once('timeout', () => end(1)).end();
}

/** @param {number} exitCode */
function end(exitCode) {
  process.exit(exitCode);
}

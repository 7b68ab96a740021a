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

// Whatever happens first decides; a connection that is left open would keep this process.
/** @param {number} exitCode */
const end = (exitCode) => {
  process.exitCode = exitCode;
  wire.destroy();
};

const wire = clientCaFile === undefined ? ask() : connect(address, () => end(0));
wire.once('error', () => (process.exitCode ??= 1)).once('timeout', () => end(1));

/** Without a client's certificate nothing would be answered: then that the port takes a connection is all that can be seen from here. */
function ask() {
  const hasTls = certFile !== undefined || config.tls !== undefined;
  // The certificate is for the name that callers use, not for this address.
  const options = { ...address, path: '/healthz', ...(hasTls ? { rejectUnauthorized: false } : {}) };
  return (hasTls ? tlsRequest : plainRequest)(options, (answer) => end(answer.statusCode === 200 ? 0 : 1)).end();
}

import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { isIP, Socket, type LookupFunction } from 'node:net';
import { SandboxError } from '@sandport/core';
import type { ConnectionRefusal, ConnectionRules } from './connection-rules.ts';

/** The rules that hold for the process now: what one of them refuses is refused. */
const activeRules = new Set<ConnectionRules>();

/** What was there before the first rules. */
let originalConnect: Connect | undefined;

/** A name that is no address and that nobody looks up: the look-up that is given along refuses. */
const REFUSED_HOST = 'refused.invalid';

type ConnectOptions = Record<string, unknown>;

type Connect = (this: Socket, ...parameters: unknown[]) => Socket;

/**
 * Makes rules hold for every connection that this process begins, until they are disposed of. All of Node's clients, and all that is built on them, connect by the one method that is replaced
 * here; what a name leads to is judged where it was looked up, so that a second look cannot say something else.
 */
export function holdConnectionsTo(rules: ConnectionRules): Disposable {
  if (originalConnect === undefined) {
    originalConnect = connectNow();
    Socket.prototype.connect = guardedConnect;
  }
  activeRules.add(rules);
  return {
    [Symbol.dispose]: () => {
      activeRules.delete(rules);
      if (activeRules.size > 0 || originalConnect === undefined) return;
      // Somebody else may have replaced it on top of ours; without rules ours lets everything pass.
      if (connectNow() !== guardedConnect) return;
      Socket.prototype.connect = originalConnect;
      originalConnect = undefined;
    },
  };
}

/** The error of a connection that is not begun. */
export function connectionRefused({ kind, what, suggestion }: ConnectionRefusal, field?: string): SandboxError {
  const text = `This app may not connect to that: ${what}.`;
  return new SandboxError('POLICY_VIOLATED', field === undefined ? text : `${field}: ${text}`, {
    operation: 'connect',
    suggestion,
    details: { kind, ...(field === undefined ? {} : { field }) },
  });
}

function guardedConnect(this: Socket, ...parameters: unknown[]): Socket {
  const connect = originalConnect ?? connectNow();
  const { options, callback } = normalized(parameters);
  const guarded = guardedOptions(options);
  return Reflect.apply(connect, this, callback === undefined ? [guarded] : [guarded, callback]);
}

function connectNow(): Connect {
  return Reflect.get(Socket.prototype, 'connect') as Connect;
}

/** The arguments of `connect` as Node itself reads them. Options are read once, so that they cannot say something else later. */
function normalized(parameters: readonly unknown[]): { readonly options: ConnectOptions; readonly callback: unknown } {
  const given: readonly unknown[] = Array.isArray(parameters[0]) ? parameters[0] : parameters;
  const [first, second] = given;
  const callback = given.find((each) => typeof each === 'function');
  if (typeof first === 'object' && first !== null) return { options: { ...first }, callback };
  if (typeof first === 'string' && !(Number(first) >= 0)) return { options: { path: first }, callback };
  return { options: { port: first, ...(typeof second === 'string' ? { host: second } : {}) }, callback };
}

function guardedOptions(options: ConnectOptions): ConnectOptions {
  const { path } = options;
  if (typeof path === 'string' && path !== '') {
    const refusal = firstRefusal((rules) => rules.refusalOfSocket(path));
    return refusal === undefined ? options : refusing(refusal);
  }
  const host = typeof options['host'] === 'string' && options['host'] !== '' ? options['host'] : 'localhost';
  const port = Number(options['port']);
  const refusal = firstRefusal((rules) => rules.refusalOfHost(host, port));
  if (refusal !== undefined) return refusing(refusal);
  if (isIP(host) !== 0) return options;
  const lookup = (typeof options['lookup'] === 'function' ? options['lookup'] : systemLookup) as LookupFunction;
  return { ...options, lookup: guardedLookup(lookup, host, port) };
}

/** Options of a connection that fails as one does whose name leads nowhere, by the same events. */
function refusing(refusal: ConnectionRefusal): ConnectOptions {
  const error = connectionRefused(refusal);
  const lookup: LookupFunction = (_host, _options, callback) => callback(error, '', 0);
  return { host: REFUSED_HOST, port: 1, lookup };
}

function guardedLookup(lookup: LookupFunction, host: string, port: number): LookupFunction {
  return (name, options, callback) => {
    lookup(name, options, (error, found, family) => {
      if (error !== null && error !== undefined) return callback(error, found, family);
      // Of several addresses the first that answers is taken; that is no choice to leave to whoever names them.
      const addresses = Array.isArray(found) ? found.map(({ address }: LookupAddress) => address) : [found];
      const refusal = addresses.map((address) => judged(address, host, port)).find((each) => each !== undefined);
      if (refusal === undefined) return callback(null, found, family);
      return callback(connectionRefused(refusal), '', 0);
    });
  };
}

function judged(address: string, host: string, port: number): ConnectionRefusal | undefined {
  // Node refuses what is no address by itself.
  return isIP(address) === 0 ? undefined : firstRefusal((rules) => rules.refusalOfAddress(address, host, port));
}

function firstRefusal(ask: (rules: ConnectionRules) => ConnectionRefusal | undefined): ConnectionRefusal | undefined {
  for (const rules of activeRules) {
    const refusal = ask(rules);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

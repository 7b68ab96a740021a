import { constants } from 'node:os';

/** Why a command was told to end: the signal that its process got. */
export class Interruption extends Error {
  override readonly name = 'Interruption';
  /** 128 plus the signal's number, as shells report it. */
  readonly exitCode: number;

  constructor(signalName: 'SIGINT' | 'SIGTERM' | 'SIGPIPE') {
    super(`The process got ${signalName}.`);
    this.exitCode = 128 + constants.signals[signalName];
  }
}

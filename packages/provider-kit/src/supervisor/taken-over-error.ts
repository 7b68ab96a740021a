/** What a transport is destroyed with when another connection has the sandbox now. */
export class TakenOverError extends Error {
  override readonly name = 'TakenOverError';

  constructor() {
    super('another connection has taken the sandbox over');
  }
}

/** What a transport is destroyed with when another connection has the sandbox now. */
export class TakenOverError extends Error {
  override readonly name = 'TakenOverError';

  constructor() {
    super('another connection has taken the sandbox over');
  }
}

/** What a transport is destroyed with when the sandbox was ended by another holder. */
export class EndedElsewhereError extends Error {
  override readonly name = 'EndedElsewhereError';

  constructor(options?: ErrorOptions) {
    super('another holder has ended the sandbox', options);
  }
}

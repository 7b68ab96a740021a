/** Hands events on one after the other, for those who cannot wait until each was taken. */
export class OrderedEvents<Event> {
  readonly #emit: (event: Event) => Promise<void>;
  #last: Promise<void> = Promise.resolve();

  constructor(emit: (event: Event) => Promise<void>) {
    this.#emit = emit;
  }

  /** Hands an event on behind all others. */
  send(event: Event): void {
    const sent = this.#last.then(() => this.#emit(event));
    // What fails is told by `settled`.
    sent.catch(() => undefined);
    this.#last = sent;
  }

  /** Settles when every event was taken. Throws what the first one met that was not; those behind it were not tried. */
  settled(): Promise<void> {
    return this.#last;
  }
}

import { deferred } from '@sandport/provider-kit';
import { ServiceProblem } from '@sandport/http-service';

/** Standard input that comes with a request of its own, after the one that started the program. It is read as fast as the program reads. */
export class InputPipe {
  readonly #source = deferred<AsyncIterable<Uint8Array> | undefined>();
  readonly #over = deferred<void>();
  #isTaken = false;

  /**
   * Hands the program its input; resolves when it was read, or the program is over.
   *
   * @throws ServiceProblem when it was given already; what the source threw.
   */
  async feed(source: AsyncIterable<Uint8Array>): Promise<void> {
    if (this.#isTaken) throw new ServiceProblem('NOT_FOUND', 'The input of this call was given already.');
    this.#isTaken = true;
    this.#source.resolve(source);
    await this.#over.promise;
  }

  /** What the program reads. */
  async *read(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      const source = await this.#source.promise;
      if (source !== undefined) yield* source;
      this.#over.resolve();
    } catch (error) {
      this.#over.reject(error);
      throw error;
    } finally {
      this.#over.resolve();
    }
  }

  close(): void {
    this.#isTaken = true;
    this.#source.resolve(undefined);
    this.#over.resolve();
  }
}

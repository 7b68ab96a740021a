import { ServiceProblem } from '@sandport/http-service';
import { hash, parseOptions, verify } from '@node-rs/argon2';
import { makeSecret } from './secret.ts';

/** What a hash costs whoever computes it. */
export interface PasswordCost {
  readonly memoryKibibytes: number;
  readonly passes: number;
  readonly lanes: number;
}

/** The least that OWASP recommends for argon2id. */
const COST: PasswordCost = { memoryKibibytes: 19_456, passes: 2, lanes: 1 };

/** More at one time would only keep the processor from everything else. */
const MOST_AT_ONE_TIME = 2;

/** Whoever comes when so many wait is refused, so that a flood of sign-ins costs no memory. */
const MOST_WAITING = 32;

const RETRY_MS = 2000;

/** Hashes of passwords, a few at a time, by argon2id. */
export class Passwords {
  readonly #cost: PasswordCost;
  readonly #waiting: (() => void)[] = [];
  readonly #hashOfNobody: Promise<string>;
  #running = 0;

  constructor(cost: PasswordCost = COST) {
    this.#cost = cost;
    this.#hashOfNobody = this.hash(makeSecret());
    // Whoever needs it is told.
    this.#hashOfNobody.catch(() => undefined);
  }

  /** What is kept of a password. Whoever asks has proven to be welcome, and waits for a turn as long as it takes. */
  hash(password: string): Promise<string> {
    const { memoryKibibytes, passes, lanes } = this.#cost;
    return this.#inTurn(() => hash(password, { memoryCost: memoryKibibytes, timeCost: passes, parallelism: lanes }));
  }

  /**
   * Whether a password is that of an account. Where there is no account, or none with a password, it takes as long to say no.
   *
   * @throws ServiceProblem `TOO_MANY_REQUESTS` when too many wait.
   */
  async verify(password: string, stored: string | null | undefined): Promise<boolean> {
    if (this.#waiting.length >= MOST_WAITING) {
      throw new ServiceProblem('TOO_MANY_REQUESTS', 'Too many people sign in at this moment.', { retryAfterMs: RETRY_MS });
    }
    const known = stored ?? (await this.#hashOfNobody);
    const isRight = await this.#inTurn(() => verify(known, password));
    return isRight && typeof stored === 'string';
  }

  /** Whether a hash was made at another cost than is asked for now. */
  isOutdated(stored: string): boolean {
    const { memoryCost, timeCost, parallelism } = parseOptions(stored);
    const { memoryKibibytes, passes, lanes } = this.#cost;
    return !stored.startsWith('$argon2id$') || memoryCost !== memoryKibibytes || timeCost !== passes || parallelism !== lanes;
  }

  async #inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    if (this.#running >= MOST_AT_ONE_TIME) await new Promise<void>((resolve) => void this.#waiting.push(resolve));
    else this.#running += 1;
    try {
      return await work();
    } finally {
      // A turn is handed over, so that nobody who comes now gets in between.
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}

import { stat } from 'node:fs/promises';
import { hashToken, type StoredToken } from './access-token.ts';
import { readTokensFile } from './tokens-file.ts';

/** How a token came out. */
export type TokenFinding = { readonly token: StoredToken } | { readonly problem: 'unknown' | 'expired' };

/** The tokens that are good now. The file is looked at once a second; one that cannot be read leaves the former tokens in force, and says so. */
export class TokenBook {
  readonly #file: string | undefined;
  readonly #onProblem: (error: unknown) => void;
  #tokens: ReadonlyMap<string, StoredToken> = new Map();
  #seen = '';
  #problemSeen = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(file: string | undefined, onProblem: (error: unknown) => void) {
    this.#file = file;
    this.#onProblem = onProblem;
  }

  /** @throws SandboxError `CONFIG_INVALID`. */
  async open(): Promise<void> {
    if (this.#file === undefined) return;
    await this.#read(this.#file);
    this.#timer = setInterval(() => void this.refresh(), REFRESH_INTERVAL_MS).unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** Looks whether the file has changed. */
  async refresh(): Promise<void> {
    if (this.#file === undefined) return;
    let stamp = '';
    try {
      stamp = await stampOf(this.#file);
      if (stamp !== this.#seen && stamp !== this.#problemSeen) await this.#read(this.#file);
    } catch (error) {
      this.#problemSeen = stamp;
      this.#onProblem(error);
    }
  }

  find(token: string): TokenFinding {
    // Whoever could learn from the time of this lookup would learn about a hash, of which he cannot choose a single digit.
    const stored = this.#tokens.get(hashToken(token));
    if (stored === undefined) return { problem: 'unknown' };
    if (stored.expiresAt !== undefined && Date.parse(stored.expiresAt) <= Date.now()) return { problem: 'expired' };
    return { token: stored };
  }

  /** Whether a token is still good: not revoked, nor expired, nor made anew since. */
  isInForce({ sha256, id, expiresAt }: StoredToken): boolean {
    return this.#tokens.get(sha256)?.id === id && (expiresAt === undefined || Date.parse(expiresAt) > Date.now());
  }

  async #read(file: string): Promise<void> {
    const stamp = await stampOf(file);
    const tokens = await readTokensFile(file);
    this.#tokens = new Map(tokens.map((token) => [token.sha256, token]));
    this.#seen = stamp;
  }
}

async function stampOf(file: string): Promise<string> {
  try {
    const { mtimeMs, size, ino } = await stat(file);
    return `${mtimeMs} ${size} ${ino}`;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'missing';
    throw error;
  }
}

const REFRESH_INTERVAL_MS = 1000;

import { chmod, lstat, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';

/** A folder for what was compiled. */
export interface CacheFolder {
  readonly path: string;
  /** Nobody else's, and gone with us. */
  readonly isTemporary: boolean;
}

/** What others may not have on a folder whose content is taken for machine code of our own: it is no secret, but only we may write it. */
const WRITABLE_BY_OTHERS = 0o022;

/**
 * The user's own folder for what programs can make again, so that the next process finds what this one has compiled. Nobody but the user may be able to write there: else, and when it
 * cannot be made, a temporary folder.
 *
 * @param environment Of the process: `XDG_CACHE_HOME`, `LOCALAPPDATA`.
 */
export async function openCacheFolder(environment: Readonly<Record<string, string | undefined>> = process.env): Promise<CacheFolder> {
  const path = join(cacheHome(environment), 'sandport', 'wasm');
  try {
    await mkdir(path, { recursive: true, mode: 0o755 });
    if ((await isOurs(path)) && (await isOurs(dirname(path)))) return { path, isTemporary: false };
  } catch (error) {
    // A home that does not exist or cannot be written is no reason not to run.
    if (!(error instanceof Error && 'code' in error)) throw error;
  }
  const folder = await mkdtemp(join(tmpdir(), 'sandport-wasm-'));
  await chmod(folder, 0o755);
  return { path: folder, isTemporary: true };
}

/** Ends a folder that was only for us. */
export async function closeCacheFolder({ path, isTemporary }: CacheFolder): Promise<void> {
  if (isTemporary) await rm(path, { recursive: true, force: true });
}

function cacheHome(environment: Readonly<Record<string, string | undefined>>): string {
  const named = process.platform === 'win32' ? environment['LOCALAPPDATA'] : environment['XDG_CACHE_HOME'];
  if (named !== undefined && isAbsolute(named)) return named;
  if (process.platform === 'win32') return join(homedir(), 'AppData', 'Local');
  // The children of root are somebody else, who cannot look into its home.
  if (process.platform === 'linux' && process.getuid?.() === 0) return '/var/cache';
  return process.platform === 'darwin' ? join(homedir(), 'Library', 'Caches') : join(homedir(), '.cache');
}

async function isOurs(path: string): Promise<boolean> {
  const facts = await lstat(path);
  if (!facts.isDirectory()) return false;
  // Windows has no such numbers: there the folder lies in the user's own profile.
  if (process.getuid === undefined) return true;
  return facts.uid === process.getuid() && (facts.mode & WRITABLE_BY_OTHERS) === 0;
}

import { HOME } from '../../execution/sandbox-paths.ts';

/** A path as the daemon takes it: `~` is the home, and what is relative begins there. */
export function expandPath(path: string): string {
  if (path === '') return HOME;
  return path === '~' || path.startsWith('~/') ? HOME + path.slice(1) : path;
}

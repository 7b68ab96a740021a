// The interface is marked as experimental and grows from release to release. What its methods take is written down here, so that our types are the same with each of them.

/** What every call takes. */
interface AbortableCall {
  /** Ends what runs, and makes the call reject with its reason. */
  readonly abortSignal?: AbortSignal;
}

/** A command to be run. */
export interface CommandCallOptions extends AbortableCall {
  /** For the shell. */
  readonly command: string;
  /** Absolute, or below the work folder. @default the work folder */
  readonly workingDirectory?: string;
  /** Variables of this command alone. */
  readonly env?: Record<string, string>;
}

/** A command that goes on while others wait. */
export interface SpawnCallOptions extends CommandCallOptions {
  /** Whether something will be written to it while it runs. @default false */
  readonly stdin?: boolean;
}

/** A path to be looked at. */
export interface PathCallOptions extends AbortableCall {
  /** Absolute, or below the work folder. */
  readonly path: string;
}

/** A text to be read. */
export interface ReadTextCallOptions extends PathCallOptions {
  /** As Node calls it. @default 'utf-8' */
  readonly encoding?: string;
  /** From 1 on. @default 1 */
  readonly startLine?: number;
  /** Included. @default the last */
  readonly endLine?: number;
}

/** A file to be written. */
export interface WriteCallOptions<Content> extends PathCallOptions {
  readonly content: Content;
}

/** A text to be written. */
export interface WriteTextCallOptions extends WriteCallOptions<string> {
  /** As Node calls it. @default 'utf-8' */
  readonly encoding?: string;
}

/** What a path leads to, through links. */
export interface PathStat {
  readonly type: 'file' | 'directory' | 'other';
  /** Bytes. */
  readonly size: number;
}

/** What a folder has. */
export interface FolderEntry {
  readonly name: string;
  readonly type: 'file' | 'directory' | 'symlink' | 'other';
}

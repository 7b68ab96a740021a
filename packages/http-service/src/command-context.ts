/** What the commands touch of the process. */
export interface CommandContext {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Fires when the process is told to stop. */
  readonly signal: AbortSignal;
}

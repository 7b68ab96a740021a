/** What was made. */
export interface CreatedProvider {
  /** The folder of the package, as an absolute path. */
  readonly folder: string;
  readonly packageName: string;
  /** Every file that was there before and is another now, as absolute paths. */
  readonly changedFiles: readonly string[];
}

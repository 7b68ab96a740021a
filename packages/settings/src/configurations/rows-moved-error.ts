import { SandboxError } from '@sandport/core';

/** Another program put a row in while a transaction went on that had locked all rows there were. The transaction is given up and begun anew; the error is seen only when that does not help. */
export class RowsMovedError extends SandboxError {
  constructor() {
    super('SETTINGS_UNAVAILABLE', 'A row that was not there before is in the way of the change; nothing of it was stored.', {
      operation: 'changeConfiguration',
      suggestion:
        'Call again. If that does not help, look for a row in "system_settings" whose name differs only in upper and lower case, and rename it.',
    });
  }
}

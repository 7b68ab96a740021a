import { SandboxError } from '@sandport/core';

/** Told of a failure that must not replace what a call brought back. */
export type WarningListener = (warning: SandboxError) => void;

/** A listener that never throws into the call it was told about; without one, the process itself warns. */
export function warningListener(listener: WarningListener | undefined): WarningListener {
  if (listener === undefined) return (warning) => process.emitWarning(warning);
  return (warning) => {
    try {
      listener(warning);
    } catch (error) {
      process.emitWarning(new SandboxError('INTERNAL', 'The listener for warnings failed.', { cause: error }));
      process.emitWarning(warning);
    }
  };
}

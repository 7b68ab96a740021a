import { emptyAnswer } from '../../http/answer.ts';
import { sandboxOf, type OperationHandler } from '../call.ts';
import type { E2bEnvdOperation } from '../e2b-operation.ts';
import { ConnectError } from '../service-error.ts';
import { readFile, writeFiles } from './file-transfer.ts';
import { listDirectory, makeDirectory, moveFile, removeFile, statFile } from './filesystem-operations.ts';
import { closeInput, connectProcess, listProcesses, sendInput, sendSignal, startProcess, streamInput } from './process-operations.ts';

const unimplemented = (what: string) => (): never => {
  throw new ConnectError('unimplemented', `${what} not played`);
};

/** What the daemon of a sandbox does. */
export const envdOperations: Readonly<Record<E2bEnvdOperation, OperationHandler>> = {
  CheckHealth: (call) => {
    // Where it does not run, the proxy answers.
    void sandboxOf(call).machine;
    return emptyAnswer(204);
  },
  ReadFile: readFile,
  WriteFile: writeFiles,
  StartProcess: startProcess,
  ConnectProcess: connectProcess,
  ListProcesses: listProcesses,
  SendInput: sendInput,
  StreamInput: streamInput,
  CloseStdin: closeInput,
  SendSignal: sendSignal,
  UpdateProcess: unimplemented('terminals are'),
  StatFile: statFile,
  ListDirectory: listDirectory,
  MakeDirectory: makeDirectory,
  MoveFile: moveFile,
  RemoveFile: removeFile,
  WatchDirectory: unimplemented('watching directories is'),
};

import { jsonAnswer, type Answer } from '../../http/answer.ts';
import type { DataOperation } from '../agent-run-operation.ts';
import { findFault, type Call, type OperationHandler } from '../call.ts';
import { createSandbox, deleteSandbox, getSandbox, sandboxOf, stopSandbox } from '../sandbox-operations.ts';
import { createContext, deleteContext, executeCode, getContext, listContexts } from './context-operations.ts';
import { downloadFile, readTextFile, uploadFile, writeTextFile } from './file-operations.ts';
import { listDirectory, makeDirectory, moveFile, removeFile, statFile } from './filesystem-operations.ts';
import { getProcess, killProcess, listProcesses, runCommand } from './process-operations.ts';

const IMAGE_VERSION = '0.9.0';

function checkHealth(call: Call): Answer {
  const sandbox = sandboxOf(call);
  if (sandbox.status === 'CREATING' || findFault(call.faults, 'health-starting') !== undefined)
    return jsonAnswer(200, { code: 'STARTING', message: 'the sandbox is starting' });
  void sandbox.machine;
  const nowMs = call.state.settings.now();
  return jsonAnswer(200, {
    status: 'ok',
    service: 'sandbox-code-interpreter',
    version: IMAGE_VERSION,
    timestamp: new Date(nowMs).toISOString(),
    uptime: (nowMs - sandbox.createdAtMs) / 1_000,
  });
}

/** What the data plane does. */
export const dataOperations: Readonly<Record<DataOperation, OperationHandler>> = {
  CreateSandbox: createSandbox,
  GetSandbox: getSandbox,
  StopSandbox: stopSandbox,
  DeleteSandbox: deleteSandbox,
  CheckHealth: checkHealth,
  ListContexts: listContexts,
  CreateContext: createContext,
  GetContext: getContext,
  DeleteContext: deleteContext,
  ExecuteCode: executeCode,
  ReadFile: readTextFile,
  WriteFile: writeTextFile,
  ListDirectory: listDirectory,
  StatFile: statFile,
  MakeDirectory: makeDirectory,
  MoveFile: moveFile,
  RemoveFile: removeFile,
  UploadFile: uploadFile,
  DownloadFile: downloadFile,
  RunCommand: runCommand,
  ListProcesses: listProcesses,
  GetProcess: getProcess,
  KillProcess: killProcess,
};

/** The plane that manages sandboxes, the daemon in a sandbox (port 49983), or the server that runs code in it (port 49999). */
export type E2bPlane = 'control' | 'envd' | 'interpreter';

/** Names that the fake gives to what the control plane does. Routes of both dialects have the same name. */
export type E2bControlOperation =
  | 'CreateSandbox'
  | 'ConnectSandbox'
  | 'ListSandboxes'
  | 'GetSandbox'
  | 'KillSandbox'
  | 'SetTimeout'
  | 'PauseSandbox'
  | 'GetMetrics'
  | 'UpdateNetwork';

/** Names that the fake gives to what the daemon does: its procedures, and what it does without them. */
export type E2bEnvdOperation =
  | 'CheckHealth'
  | 'ReadFile'
  | 'WriteFile'
  | 'StartProcess'
  | 'ConnectProcess'
  | 'ListProcesses'
  | 'SendInput'
  | 'StreamInput'
  | 'CloseStdin'
  | 'SendSignal'
  | 'UpdateProcess'
  | 'StatFile'
  | 'ListDirectory'
  | 'MakeDirectory'
  | 'MoveFile'
  | 'RemoveFile'
  | 'WatchDirectory';

/** Names that the fake gives to what the server for code does. */
export type E2bInterpreterOperation =
  | 'CheckInterpreterHealth'
  | 'ExecuteCode'
  | 'CreateContext'
  | 'ListContexts'
  | 'RestartContext'
  | 'RemoveContext';

/** Every operation of the three planes. */
export type E2bOperation = E2bControlOperation | E2bEnvdOperation | E2bInterpreterOperation;

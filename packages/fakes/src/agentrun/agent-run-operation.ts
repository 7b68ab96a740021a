/** The plane that manages templates and sandboxes, or the plane that works in a sandbox. */
export type AgentRunPlane = 'control' | 'data';

/** What the control plane calls its operations, in `x-acs-action`. */
export type ControlOperation =
  | 'CreateTemplate'
  | 'GetTemplate'
  | 'ListTemplates'
  | 'UpdateTemplate'
  | 'DeleteTemplate'
  | 'CreateSandbox'
  | 'GetSandbox'
  | 'ListSandboxes'
  | 'StopSandbox'
  | 'DeleteSandbox'
  | 'PauseSandbox'
  | 'ResumeSandbox'
  | 'GetAccessToken';

/** Names that the fake gives to what the data plane does; on the wire it has none. The first four have the names of the control plane. */
export type DataOperation =
  | 'CreateSandbox'
  | 'GetSandbox'
  | 'StopSandbox'
  | 'DeleteSandbox'
  | 'CheckHealth'
  | 'ListContexts'
  | 'CreateContext'
  | 'GetContext'
  | 'DeleteContext'
  | 'ExecuteCode'
  | 'ReadFile'
  | 'WriteFile'
  | 'ListDirectory'
  | 'StatFile'
  | 'MakeDirectory'
  | 'MoveFile'
  | 'RemoveFile'
  | 'UploadFile'
  | 'DownloadFile'
  | 'RunCommand'
  | 'ListProcesses'
  | 'GetProcess'
  | 'KillProcess';

/** Every operation of both planes. */
export type AgentRunOperation = ControlOperation | DataOperation;

export { startFakeAgentRun } from './agentrun/start-fake-agent-run.ts';
export type {
  FakeAccessKey,
  FakeAgentRun,
  FakeAgentRunOptions,
  FakeExecutionRecord,
  FakeLimits,
  FakeRequestRecord,
  FakeSandboxStatus,
  FakeSandboxView,
  FakeTemplateStatus,
  FakeTemplateView,
} from './agentrun/fake-agent-run.ts';
export type {
  AgentRunFault,
  AgentRunFaultRule,
  AgentRunFaultScript,
  AnswerFault,
  ConnectionFault,
  ExecutionFault,
  ExecutionTimeoutAnswer,
  StateFault,
} from './agentrun/agent-run-fault.ts';
export type { AgentRunOperation, AgentRunPlane, ControlOperation, DataOperation } from './agentrun/agent-run-operation.ts';
export type { FaultMatch, FaultRule, FaultScript } from './faults/fault-script.ts';
export { startFakeE2b } from './e2b/start-fake-e2b.ts';
export type {
  E2bDialect,
  FakeE2b,
  FakeE2bExecutionRecord,
  FakeE2bOptions,
  FakeE2bRequestRecord,
  FakeE2bSandboxView,
  FakeE2bTemplate,
} from './e2b/fake-e2b.ts';
export type {
  E2bAnswerFault,
  E2bConnectionFault,
  E2bFault,
  E2bFaultRule,
  E2bFaultScript,
  E2bStateFault,
  E2bStreamFault,
} from './e2b/e2b-fault.ts';
export type { E2bControlOperation, E2bEnvdOperation, E2bInterpreterOperation, E2bOperation, E2bPlane } from './e2b/e2b-operation.ts';
export { startFakeRagflowExecutor } from './ragflow/start-fake-ragflow-executor.ts';
export type {
  FakeRagflowExecutionRecord,
  FakeRagflowExecutor,
  FakeRagflowExecutorOptions,
  FakeRagflowRequestRecord,
} from './ragflow/fake-ragflow-executor.ts';
export type { RagflowFault, RagflowFaultRule, RagflowFaultScript } from './ragflow/ragflow-fault.ts';
export type { RagflowOperation, RagflowPlane } from './ragflow/ragflow-operation.ts';

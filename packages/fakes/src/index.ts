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

import { RemoteFailure, type RemoteFailureFacts } from '@sandport/provider-kit';
import type { AgentRunPlane } from './agentrun-plane.ts';

/** What is known of a call that the service did not carry out. */
export interface AgentRunFailureFacts extends RemoteFailureFacts {
  readonly plane: AgentRunPlane;
  /** How far our clock is ahead of the service's, by the `Date` of its answer. */
  readonly clockAheadMs?: number | undefined;
}

/** The service did not do what it was asked. */
export class AgentRunFailure extends RemoteFailure {
  override readonly name = 'AgentRunFailure';
  declare readonly facts: AgentRunFailureFacts;

  constructor(facts: AgentRunFailureFacts) {
    super(facts, `${facts.plane} plane`);
  }
}

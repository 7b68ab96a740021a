/** The plane that manages templates and sandboxes, or the plane that works in a sandbox. */
export type AgentRunPlane = 'control' | 'data';

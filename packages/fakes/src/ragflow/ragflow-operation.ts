/** There is one plane. */
export type RagflowPlane = 'executor';

/** What the executor manager can be asked. `Health` are both `GET /` and `GET /healthz`. */
export type RagflowOperation = 'Health' | 'Run';

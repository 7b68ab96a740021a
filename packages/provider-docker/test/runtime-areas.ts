/**
 * Cases in which the runtime under the containers, and the watching of it, have a part. The executor runs the whole suite on this provider, under gVisor: what programs are told, and what they answer, is
 * the same bytes under each runtime.
 */
export const RUNTIME_AREAS: readonly string[] = [
  'lifecycle/',
  'limits/',
  'cancellation/',
  'isolation/',
  'contexts/',
  'concurrency/',
  'results/',
  'health/report',
];

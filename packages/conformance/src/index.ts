export { declaresCapability, type CapabilityName } from './capability-name.ts';
export { CONFORMANCE_AREAS, type ConformanceArea, type ConformanceCase, type ConformanceContext } from './conformance-case.ts';
export { FIRST_CASES, QUICK_CASES, SLOW_CASES } from './case-groups.ts';
export { CONFORMANCE_CASES } from './conformance-cases.ts';
export { ConformanceFailure, NotApplicable } from './conformance-failure.ts';
export { ConformanceSession, type CaseReport, type ConformanceSessionOptions } from './conformance-session.ts';
export { runConformance, selectCases, type ConformanceOptions, type ConformanceReport } from './run-conformance.ts';
export { untilAborted } from './until-aborted.ts';

import { argumentCases } from './cases/argument-cases.ts';
import { artifactCases } from './cases/artifact-cases.ts';
import { cancellationCases } from './cases/cancellation-cases.ts';
import { concurrencyCases } from './cases/concurrency-cases.ts';
import { contextCases } from './cases/context-cases.ts';
import { displayCases } from './cases/display-cases.ts';
import { environmentCases } from './cases/environment-cases.ts';
import { errorCases } from './cases/error-cases.ts';
import { fileCases } from './cases/file-cases.ts';
import { healthCases } from './cases/health-cases.ts';
import { inputCases } from './cases/input-cases.ts';
import { isolationCases } from './cases/isolation-cases.ts';
import { keptSandboxCases } from './cases/kept-sandbox-cases.ts';
import { lifecycleCases } from './cases/lifecycle-cases.ts';
import { lifetimeCases } from './cases/lifetime-cases.ts';
import { limitCases } from './cases/limit-cases.ts';
import { outputCases } from './cases/output-cases.ts';
import { programCases } from './cases/program-cases.ts';
import { reconnectionCases } from './cases/reconnection-cases.ts';
import { requestCases } from './cases/request-cases.ts';
import { resultCases } from './cases/result-cases.ts';
import { valueCases } from './cases/value-cases.ts';
import type { ConformanceCase } from './conformance-case.ts';

/** Every case of the contract, in the order of the areas. */
export const CONFORMANCE_CASES: readonly ConformanceCase[] = [
  lifecycleCases,
  requestCases,
  argumentCases,
  programCases,
  valueCases,
  inputCases,
  outputCases,
  errorCases,
  limitCases,
  cancellationCases,
  fileCases,
  artifactCases,
  displayCases,
  environmentCases,
  isolationCases,
  keptSandboxCases,
  contextCases,
  lifetimeCases,
  reconnectionCases,
  concurrencyCases,
  resultCases,
  healthCases,
].flat();

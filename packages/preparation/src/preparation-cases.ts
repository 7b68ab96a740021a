/**
 * The promises that every configuration is put to the test with: ids of conformance cases, or their beginnings. They are those that depend on how and where a provider was set up,
 * and are chosen so that all of them together take seconds, since each program may cost a fresh sandbox. What the preparation finds out by programs of its own is not among them:
 * that the provider is healthy, that each language runs, that each limit bites with evidence, that calls are served afterwards, and that health report, results and evidence name
 * the same isolation.
 */
export const PREPARATION_CASES = [
  // The provider is what it says, and what it says does not change.
  'lifecycle/description',
  // Arguments are data: none of them becomes source, template or shell text on the way.
  'arguments/looks-like-code',
  // The value comes back exactly, on a channel of its own, which printing cannot forge.
  'values/printed-lookalikes',
  // What the program did wrong is told in its own terms.
  'errors/exception',
  // The preparation breaks the limits in Python where it can; these break them in the other language. What was printed before is there, the timer
  // fires within a second of the limit, and where a limit of memory is not declared, asking for it is refused.
  'output/limit-stdout[javascript]',
  'limits/busy-loop[javascript]',
  'limits/memory[javascript]',
  // A withdrawn call creates nothing, and a program that is withdrawn ends, with its output and the evidence.
  'cancellation/before-creation',
  'cancellation/while-running',
  // No variable of the host's environment, such as a key of the program that calls, is seen inside.
  'environment/no-host-variables',
  // No file, process, network or power of the host, and nothing that a former call left.
  'isolation/not-root',
  'isolation/no-capabilities',
  'isolation/read-only-root',
  'isolation/no-network',
  'isolation/other-processes',
  'isolation/host-files',
  'isolation/fresh-work-folder',
  // Neither a health report nor a result nor an error shows a secret of this configuration.
  'health/no-secrets',
] as const;

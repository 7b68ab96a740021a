/**
 * The promises that every configuration is put to the test with: ids of conformance cases, or their beginnings. They are those that depend on how and where a provider was set up,
 * and are chosen so that all of them together take seconds. What the preparation finds out by programs of its own is not among them: that each language runs, that each limit
 * bites, that calls are served afterwards, and that health report, results and evidence name the same isolation.
 */
export const PREPARATION_CASES = [
  // The provider is what it says, and what it says does not change.
  'lifecycle/description',
  // Arguments are data: none of them becomes source, template or shell text on the way.
  'arguments/looks-like-code',
  // The value comes back exactly, on a channel of its own, which printing cannot forge.
  'values/every-type',
  'values/printed-lookalikes',
  // What the program did wrong is told in its own terms.
  'errors/exception',
  // A flood is ended, what fits within the limit is there, and the other stream is untouched.
  'output/limit-stdout',
  // Only our own timer ends this, within a second of the limit, and what was printed before is there.
  'limits/busy-loop',
  // Lack of memory is a fact with evidence, in each language; where the limit is not declared, asking for it is refused.
  'limits/memory[',
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
  // The report is whole, and neither it nor a result nor an error shows a secret of this configuration.
  'health/',
] as const;

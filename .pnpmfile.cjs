'use strict';

// The workspace installs, type-checks, lints and builds on the oldest Node that the house supports, and with `engineStrict` it refuses every package that says it does not
// run there. The AI SDK says so. One adapter alone is built on it: what that adapter needs of whoever installs it is in its `publishConfig`, and its tests run under the
// newer Nodes only. All other packages are held to what they say.
//
// The lockfile was made with this hook and so installs under every Node. Where entries of the AI SDK are resolved anew, it is asked before the hook is: run pnpm under
// Node 22 to add, raise or remove them.

/** @param {{ name?: string, engines?: unknown }} manifest */
function readPackage(manifest) {
  if (manifest.name === 'ai' || manifest.name?.startsWith('@ai-sdk/')) delete manifest.engines;
  return manifest;
}

module.exports = { hooks: { readPackage } };

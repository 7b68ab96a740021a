#!/usr/bin/env node
// The built command over a provider that needs nothing installed. What the provider does is told on stderr.
import { runProcess } from '../dist/run-process.js';
import { fakeDefinition, tellOnStderr } from './fake-definition.mjs';
import { fakeTrial } from './fake-trial.mjs';

const definition = fakeDefinition({ destroyMs: 100, onEvent: tellOnStderr });

void runProcess({
  providers: [definition],
  prepareProvider: fakeTrial,
  buildImages: () => Promise.resolve([]),
  removeLeftBehind: () => Promise.resolve([]),
});

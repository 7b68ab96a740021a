#!/usr/bin/env node
// oxlint-disable typescript/no-unsafe-call -- plain JavaScript, so that it can be spawned without a build
// The built command over a provider that needs nothing installed. What the provider does is told on stderr.
import { runProcess } from '../dist/run-process.js';
import { fakeDefinition } from './fake-definition.mjs';

const definition = fakeDefinition({ destroyMs: 100, onEvent: (event) => process.stderr.write(`fake: ${event}\n`) });

void runProcess({ providers: [definition], buildImages: () => Promise.resolve([]) });

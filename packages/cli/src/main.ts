#!/usr/bin/env node
import { buildImages, removeLeftBehind } from '@sandport/provider-docker';
import { providers } from './providers.ts';
import { runProcess } from './run-process.ts';

void runProcess({ providers, buildImages, removeLeftBehind });

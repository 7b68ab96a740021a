#!/usr/bin/env node
import { prepareProvider } from '@sandport/preparation';
import { buildImages, removeLeftBehind } from '@sandport/provider-docker';
import { providers } from '@sandport/providers';
import { runProcess } from './run-process.ts';

void runProcess({ providers, prepareProvider, buildImages, removeLeftBehind });

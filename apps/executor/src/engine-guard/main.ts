#!/usr/bin/env node
import { runGuard } from './run-guard.ts';

void runGuard();

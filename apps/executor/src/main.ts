#!/usr/bin/env node
import { runProcess } from './commands/run-process.ts';

void runProcess();

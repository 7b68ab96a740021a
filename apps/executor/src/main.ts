#!/usr/bin/env node
import { runProcess } from '@sandport/http-service';
import { createProgram } from './commands/program.ts';

void runProcess(createProgram);

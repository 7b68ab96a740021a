#!/usr/bin/env node
import { runProcess } from '@sandport/http-service';
import { openRoutes } from './commands/open-routes.ts';
import { createProgram } from './commands/program.ts';

void runProcess((context) => createProgram(context, openRoutes));

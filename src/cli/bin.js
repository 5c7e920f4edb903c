#!/usr/bin/env node
/** Runs the TypeScript sources in a clone, and the compiled ones in an installed package: Node strips no types below node_modules. */
import { existsSync } from 'node:fs';

await import(existsSync(new URL('cli.ts', import.meta.url)) ? './cli.ts' : '../../lib/cli/cli.js');

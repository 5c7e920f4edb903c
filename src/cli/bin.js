#!/usr/bin/env node
/** In a clone the sources run as they are; in an installed package, what is made of them: Node strips no types there. */
import { existsSync } from 'node:fs';

await import(existsSync(new URL('cli.ts', import.meta.url)) ? './cli.ts' : '../../lib/cli/cli.js');

#!/usr/bin/env node
/**
 * Checks the version of Node, and runs the TypeScript sources in a clone, or the compiled ones in an installed package: Node strips
 * no types below node_modules. An older Node reads this file, but not what it imports.
 */
import { existsSync } from 'node:fs';

const isClone = existsSync(new URL('cli.ts', import.meta.url));
const [major, minor] = process.versions.node.split('.').map(Number);
const oldest = isClone ? 18 : 13;

if (major < 22 || (major === 22 && minor < oldest)) {
  const fix = isClone ? ' Run npm ci, which installs Node 24, and then npx pixgate.' : '';
  console.error(`pixgate needs Node 22.${oldest} or newer, and this is ${process.version}.${fix}`);
  process.exitCode = 1;
} else {
  await import(isClone ? './cli.ts' : '../../lib/cli/cli.js');
}

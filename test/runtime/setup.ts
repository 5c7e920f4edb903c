/** Sets up the suite: builds the package, copies it to a folder without the project above it, and installs the clients. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { installServerless } from './gateway.ts';
import { missing, run } from './installed-tools.ts';
import { installRic, ricLacks } from './ric.ts';
import { installRie, rieLacks } from './rie.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of the built package. */
    taskRoot: string;
    /** Programs; like `serverless`, empty if not available on this machine. */
    ric: string;
    rie: string;
    /** The folder of Serverless and its offline gateway. */
    serverless: string;
  }
}

const cwd = fileURLToPath(new URL('../..', import.meta.url));

/** Installs a tool, or prints one line with the reason why it cannot. */
async function orSkip(what: string, lacks: readonly string[], install: () => Promise<string>): Promise<string> {
  if (lacks.length === 0) return install();
  console.log(`SKIPPED: ${what} needs ${lacks.join(', ')}`);
  return '';
}

/** Installs a tool. If it cannot, the tests are skipped locally, and fail in CI. */
function orFail(what: string, lacks: readonly string[], install: () => Promise<string>): Promise<string> {
  if (lacks.length && process.env.CI) throw new Error(`${what} needs ${lacks.join(', ')}`);
  return orSkip(what, lacks, install);
}

/** Installs the emulator, if Go's module proxy can be reached. */
const rieIfReached = () =>
  installRie().catch((error: Error) => {
    console.log(
      `SKIPPED: AWS's emulator of Lambda could not be compiled: ${error.message.split('\n').slice(0, 2).join(' ')}`,
    );
    return '';
  });

export default async function setup({ provide }: TestProject) {
  provide('ric', await orFail("AWS's runtime client", await ricLacks(), installRic));
  provide('serverless', await orFail('the gateway', missing(['curl']), installServerless));
  provide('rie', await orSkip("AWS's emulator of Lambda", await rieLacks(), rieIfReached));

  await run('npm', ['run', 'build', '--', '--arch', process.arch], { cwd });
  const taskRoot = mkdtempSync(join(tmpdir(), 'pixgate-runtime-'));
  cpSync(join(cwd, 'dist'), taskRoot, { recursive: true });
  provide('taskRoot', taskRoot);
  return () => rmSync(taskRoot, { recursive: true });
}

/** Installs AWS's own emulator of Lambda, in addition to ours: it is compiled once, if Go is installed. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { missing, once, run, toolFolder } from './installed-tools.ts';

const MODULE = 'github.com/aws/aws-lambda-runtime-interface-emulator/cmd/aws-lambda-rie';
const VERSION = 'v0.0.0-20261030222936-bef5c4ba774d';
/** The minimum version in its go.mod. */
const GO = 'Go 1.26.6 or newer';
const NAME = `rie-${VERSION}`;

/** Lists what is missing to compile the emulator here; empty if it is installed already. */
export async function rieLacks(): Promise<string[]> {
  if (existsSync(toolFolder(NAME))) return [];
  if (missing(['go']).length) return [GO];
  const { stdout } = await run('go', ['env', 'GOVERSION']);
  const [, minor] = /^go1\.(\d+)/.exec(stdout) ?? [];
  return Number(minor) >= 26 ? [] : [GO];
}

/** Installs the emulator. @returns its program */
export async function installRie(): Promise<string> {
  const folder = await once(NAME, async (making) => {
    await run('go', ['install', `${MODULE}@${VERSION}`], { env: { ...process.env, GOBIN: making } });
  });
  return join(folder, 'aws-lambda-rie');
}

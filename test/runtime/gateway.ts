/** Runs a third-party gateway: serverless-offline serves REST and HTTP APIs over HTTP, with the built package behind it. */
import { spawn } from 'node:child_process';
import { once as event } from 'node:events';
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../ports.ts';
import { npmInstall, once } from './installed-tools.ts';

const OFFLINE = '14.8.2';
/** The fork of Serverless 3 that needs no account. */
const OSLS = '4.3.1';

/** @returns the folder of the installed packages */
export const installServerless = async (): Promise<string> => {
  const packages = { serverless: `npm:osls@${OSLS}`, 'serverless-offline': OFFLINE };
  const folder = await once(`serverless-offline-${OFFLINE}`, (making) => npmInstall(making, packages));
  return join(folder, 'node_modules');
};

const service = (ports: { http: number; lambda: number }, environment: Readonly<Record<string, string>>) => ({
  service: 'pixgate',
  provider: {
    name: 'aws',
    runtime: 'nodejs24.x',
    region: 'us-east-1',
    apiGateway: { binaryMediaTypes: ['*/*'] },
    environment,
  },
  plugins: ['serverless-offline'],
  custom: {
    'serverless-offline': {
      host: '127.0.0.1',
      httpPort: ports.http,
      lambdaPort: ports.lambda,
      noPrependStageInUrl: true,
    },
  },
  functions: {
    pixgate: {
      handler: 'package/index.handler',
      events: [{ http: { path: '/rest', method: 'any' } }, { httpApi: { path: '/http', method: 'any' } }],
    },
  },
});

/**
 * Starts the gateway.
 *
 * @param folders.modules of `installServerless`
 * @param folders.taskRoot of the built package
 * @param env of the function
 */
export async function startGateway(
  { modules, taskRoot }: { modules: string; taskRoot: string },
  env: Readonly<Record<string, string>>,
) {
  const folder = mkdtempSync(join(tmpdir(), 'pixgate-gateway-'));
  cpSync(taskRoot, join(folder, 'package'), { recursive: true });
  symlinkSync(modules, join(folder, 'node_modules'));
  const ports = { http: await freePort(), lambda: await freePort() };
  writeFileSync(join(folder, 'serverless.json'), JSON.stringify(service(ports, env)));
  const child = spawn(process.execPath, [join(modules, 'serverless/bin/serverless.js'), 'offline', 'start'], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, SLS_TELEMETRY_DISABLED: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = event(child, 'close');
  let log = '';
  const ready = new Promise<void>((resolve) => {
    for (const output of [child.stdout, child.stderr])
      output.setEncoding('utf8').on('data', (text: string) => {
        log += text;
        if (log.includes('Server ready')) resolve();
      });
  });
  const close = async () => {
    child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true });
  };
  const isUp = await Promise.race([ready.then(() => true), ended.then(() => false)]);
  if (!isUp) throw new Error(`The gateway did not start: ${log.slice(-500)}`);
  return { url: `http://127.0.0.1:${ports.http}`, log: () => log, close };
}

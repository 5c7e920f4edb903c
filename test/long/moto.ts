/** A server of AWS's APIs: moto, from PyPI, at the path MOTO_SERVER. */
import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { freePort } from '../ports.ts';

const { MOTO_SERVER } = process.env;
export const hasMoto = Boolean(MOTO_SERVER);
if (!MOTO_SERVER)
  console.log(
    'SKIPPED: the tests against the APIs of AWS need MOTO_SERVER, the path of moto_server (pip install moto[server])',
  );

/** Starts it, and sets the environment variables by which the SDKs of this process and its children find it. */
export async function startMoto(): Promise<ChildProcess> {
  const port = await freePort();
  const moto = spawn(MOTO_SERVER ?? '', ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });
  const up = () =>
    fetch(`${url}/moto-api/`)
      .then(({ ok }) => ok)
      .catch(() => false);
  while (!(await up())) await setTimeout(200);
  return moto;
}

/** The examples of the page on signed-url, with secrets in SSM and in Secrets Manager, against a real server of those APIs. */
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { MiddyfiedHandler } from '@middy/core';
import { transformSync } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signUrl } from '../../src/client/url.ts';
import { hasMoto, startMoto } from './moto.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const page = readFileSync(join(root, 'src/docs/middleware-signed-url.md'), 'utf8');
const snippets = [...page.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = '']) => code);
const [current, previous, other] = ['current', 'previous', 'other'].map((name) => name.repeat(4));

describe.skipIf(!hasMoto)('the secrets of signed-url', () => {
  let moto: ChildProcess;
  let folder: string;
  beforeAll(async () => {
    // Inside the project, since the examples import its packages.
    const cache = join(root, 'node_modules/.cache');
    mkdirSync(cache, { recursive: true });
    folder = mkdtempSync(join(cache, 'signed-url-'));
    moto = await startMoto();
    const parameter = { Name: '/shop/signing-secret', Value: current, Type: 'SecureString' } as const;
    await new SSMClient({}).send(new PutParameterCommand(parameter));
    const SecretString = JSON.stringify({ current, previous });
    await new SecretsManagerClient({}).send(new CreateSecretCommand({ Name: 'shop/signing', SecretString }));
  });
  afterAll(() => {
    moto.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs an example. @returns a function that requests a URL signed with a secret, and returns the status and code */
  async function load(name: string) {
    const code = snippets.find((snippet) => snippet.includes(`export const ${name} =`)) ?? '';
    const middleware = new URL('../../src/middlewares/signed-url.ts', import.meta.url).href;
    const file = join(folder, `${name}.mjs`);
    writeFileSync(
      file,
      transformSync(code.replace('pixgate/middlewares/signed-url', middleware), { loader: 'ts' }).code,
    );
    const exported: Record<string, () => MiddyfiedHandler> = await import(file);
    const handler = exported[name]?.().handler(() => ({ statusCode: 200 }));
    return async (secret = '') => {
      const { host, pathname, search } = new URL(
        await signUrl('https://example.com/report.csv?year=2026', { id: 'acme', secret }),
      );
      const event = {
        rawPath: pathname,
        rawQueryString: search.slice(1),
        headers: { host },
        requestContext: { http: { method: 'GET', path: pathname } },
      };
      const answer = await handler?.(event as never, {} as never).catch((error: unknown) => error);
      const { statusCode, code } = answer as { statusCode: number; code?: string };
      return [statusCode, code];
    };
  }

  test('in SSM', async () => {
    const status = await load('withSsm');
    expect(await status(current)).toEqual([200, undefined]);
    expect(await status(other)).toEqual([401, 'SIGNATURE_INVALID']);
  });

  test('in Secrets Manager, during a rotation', async () => {
    const status = await load('withSecretsManager');
    expect(await status(current)).toEqual([200, undefined]);
    expect(await status(previous)).toEqual([200, undefined]);
    expect(await status(other)).toEqual([401, 'SIGNATURE_INVALID']);
  });
});

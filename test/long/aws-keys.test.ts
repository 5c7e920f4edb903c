/** The key registry in SSM and in Secrets Manager, against a real server of those APIs: it is read at start, and refreshed. */
import { type ChildProcess, execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateSecretCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { createHandler } from '../../src/handler.ts';
import { sha256 } from '../../src/keys/registry.ts';
import { createRegistry, openStores, registryReader } from '../../src/keys/store.ts';
import { startOrigin } from '../origin.ts';
import { decodePixels } from '../pixels.ts';
import { context, events, toReply } from '../requests.ts';
import { hasMoto, startMoto } from './moto.ts';

const run = promisify(execFile);
const cli = (args: string[], cwd: string) =>
  run(process.execPath, [new URL('../../src/cli/cli.ts', import.meta.url).pathname, 'keys', ...args], { cwd });

describe.skipIf(!hasMoto)('keys in SSM and Secrets Manager', () => {
  let moto: ChildProcess;
  let origin: Awaited<ReturnType<typeof startOrigin>>;
  beforeAll(async () => {
    moto = await startMoto();
    const body = readFileSync(new URL('../../src/dev/samples/landscape.jpg', import.meta.url));
    origin = await startOrigin({ '/a.jpg': { body } });
  });
  afterAll(async () => {
    moto.kill();
    await origin.close();
  });

  const entries = (...keys: string[]) => JSON.stringify(keys.map((key) => ({ id: key, sha256: sha256(key) })));
  const stores = {
    API_KEYS_SSM: {
      name: '/pixgate/keys',
      put: (Value: string) =>
        new SSMClient({}).send(
          new PutParameterCommand({ Name: '/pixgate/keys', Value, Type: 'SecureString', Overwrite: true }),
        ),
    },
    API_KEYS_SECRET: {
      name: 'pixgate-keys',
      put: async (SecretString: string) => {
        const client = new SecretsManagerClient({});
        await client
          .send(new CreateSecretCommand({ Name: 'pixgate-keys', SecretString }))
          .catch(() => client.send(new PutSecretValueCommand({ SecretId: 'pixgate-keys', SecretString })));
      },
    },
  };

  async function start(setting: keyof typeof stores, refresh: number) {
    const lines: string[] = [];
    const log = (line: string) => void lines.push(line);
    const config = loadConfig({ [setting]: stores[setting].name, SOURCE_ALLOWED_NETWORKS: '127.0.0.0/8' });
    const read = registryReader(config);
    if (!read) throw new Error('no reader');
    const keys = await createRegistry(read, { refresh, log });
    const handler = createHandler(config, { keys, log });
    const status = async (k: string) =>
      toReply(await handler(events.rest({ k, u: `${origin.url}/a.jpg`, w: 40 }), context())).status;
    return { status, lines };
  }

  test.each(['API_KEYS_SSM', 'API_KEYS_SECRET'] as const)(
    '%s: read at start, and refreshed under load',
    async (setting) => {
      const { put } = stores[setting];
      await put(entries('one'));
      const { status, lines } = await start(setting, 0.05);
      expect([await status('one'), await status('two')]).toEqual([200, 401]);
      // The registry changes under load: no request fails, and the change takes effect.
      const statuses: number[] = [];
      let isRunning = true;
      const load = (async () => {
        while (isRunning) {
          statuses.push(await status('one'));
          await setTimeout(2);
        }
      })();
      await put(entries('one', 'two'));
      await vi.waitFor(async () => expect(await status('two')).toBe(200), { timeout: 5000 });
      // An invalid registry leaves the last valid one in force, and is logged without its text.
      await put('[{"id":"acme","sha256":"hush-hush"}]');
      await vi.waitFor(() => expect(lines.join('\n')).toContain('keys-not-refreshed'), { timeout: 5000 });
      expect([await status('one'), await status('two')]).toEqual([200, 200]);
      expect(lines.join('\n')).toContain('entry 1 (acme): sha256 must be');
      expect(lines.join('\n')).not.toContain('hush');
      isRunning = false;
      await load;
      expect(new Set(statuses)).toEqual(new Set([200]));
      await put(entries('two'));
      await vi.waitFor(async () => expect(await status('one')).toBe(401), { timeout: 5000 });
    },
  );

  test.each(['SOURCE_HEADERS_SSM', 'SOURCE_HEADERS_SECRET'] as const)(
    '%s: headers for origins are read at start, and refreshed',
    async (setting) => {
      const { put, name } = stores[setting === 'SOURCE_HEADERS_SSM' ? 'API_KEYS_SSM' : 'API_KEYS_SECRET'];
      const host = `127.0.0.1:${origin.port}`;
      const headers = (value: string) => JSON.stringify({ [`http://${host}`]: { Authorization: value } });
      await put(headers('Bearer hush-1'));
      const lines: string[] = [];
      const log = (line: string) => void lines.push(line);
      const config = loadConfig({
        API_KEYS: JSON.stringify([{ id: 'one', sha256: sha256('one'), sources: [host] }]),
        SOURCE_ALLOWED_NETWORKS: '127.0.0.0/8',
        [setting]: name,
      });
      const { options, warnings } = await openStores({ ...config, apiKeysRefresh: 0.05 }, log);
      expect(warnings).toEqual([]);
      const handler = createHandler(config, { ...options, log });
      const sent = async () => {
        expect(
          toReply(await handler(events.rest({ k: 'one', u: `${origin.url}/a.jpg`, w: 40 }), context())).status,
        ).toBe(200);
        return origin.requests.at(-1)?.headers.authorization;
      };
      expect(await sent()).toBe('Bearer hush-1');
      await put(headers('Bearer hush-2'));
      await vi.waitFor(async () => expect(await sent()).toBe('Bearer hush-2'), { timeout: 5000 });
      // Invalid headers leave the last valid ones in force, and are logged without a value.
      await put(headers('hush\nhush'));
      await vi.waitFor(async () => {
        await sent();
        expect(lines.join('\n')).toContain('source-headers-not-refreshed');
      }, 5000);
      expect(lines.join('\n')).toContain('the value of Authorization has a control character');
      expect(lines.join('\n')).not.toContain('hush');
      expect(await sent()).toBe('Bearer hush-2');
      await expect(openStores(config, log)).rejects.toThrow('control character');
    },
  );

  test('MARKS_SSM: marks are read at start, from a bucket that requests may not name, and a key cannot lose its own', async () => {
    const s3 = new S3Client({ forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: 'brand' }));
    const red = await sharp({ create: { width: 2, height: 2, channels: 3, background: '#f00' } })
      .png()
      .toBuffer();
    await s3.send(new PutObjectCommand({ Bucket: 'brand', Key: 'logo.png', Body: red }));
    const { put, name } = stores.API_KEYS_SSM;
    const putMarks = (text: string) =>
      new SSMClient({}).send(
        new PutParameterCommand({ Name: '/pixgate/marks', Value: text, Type: 'String', Overwrite: true }),
      );
    await putMarks('{"logo": {"source": "s3://brand/logo.png", "mscale": 0.5}}');
    const keys = (mark: object) => JSON.stringify([{ id: 'one', sha256: sha256('one'), mark }]);
    await put(keys({ name: 'logo' }));
    const config = loadConfig({
      API_KEYS_SSM: name,
      MARKS_SSM: '/pixgate/marks',
      SOURCE_ALLOWED_NETWORKS: '127.0.0.0/8',
      SOURCE_S3_PATH_STYLE: 'on',
    });
    const lines: string[] = [];
    const log = (line: string) => void lines.push(line);
    const { options } = await openStores({ ...config, apiKeysRefresh: 0.05 }, log);
    const handler = createHandler(config, { ...options, log });
    const get = async (u: string) =>
      toReply(await handler(events.functionUrl({ k: 'one', u, w: 40, f: 'png' }), context()));
    const isRed = async () => {
      const pixels = await decodePixels((await get(`${origin.url}/a.jpg`)).body);
      return pixels.at(0.75, 0.75).join() === '255,0,0,255';
    };
    expect(await isRed()).toBe(true);
    expect((await get('s3://brand/logo.png')).status).toBe(403);
    await put(keys({ name: 'gone' }));
    await vi.waitFor(async () => {
      expect(await isRed()).toBe(true);
      expect(lines.join('\n')).toContain('the key one needs the mark gone, which MARKS does not have');
    }, 5000);
    expect(await isRed()).toBe(true);
    await expect(openStores(config, log)).rejects.toThrow('the key one needs the mark gone');
    await putMarks('{"logo": {"source": "s3://brand/gone.png"}}');
    await put(keys({ name: 'logo' }));
    await expect(openStores(config, log)).rejects.toThrow('The mark logo cannot be read: ');
    await putMarks('{');
    await expect(openStores(config, log)).rejects.toThrow('MARKS_SSM is invalid: it is not valid JSON');
  });

  test('an invalid or missing registry prevents the start', async () => {
    await stores.API_KEYS_SSM.put('[{"id":"acme"}]');
    await expect(start('API_KEYS_SSM', 60)).rejects.toThrow('entry 1 (acme): mode plain needs sha256');
    const config = loadConfig({ API_KEYS_SSM: '/not/there' });
    await expect(
      createRegistry(registryReader(config) ?? (async () => ''), { refresh: 1, log: () => {} }),
    ).rejects.toThrow();
  });

  test('a deployment reads what keys push writes', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pixgate-keys-'));
    try {
      const { stdout } = await cli(['add', 'acme', '--max-width', '50'], folder);
      expect((await cli(['push', '--ssm', '/pixgate/keys'], folder)).stdout).toMatch(/^Wrote 1 key\(s\) to/);
      const { Parameter } = await new SSMClient({}).send(new GetParameterCommand({ Name: '/pixgate/keys' }));
      expect(Parameter?.Type).toBe('SecureString');
      const { status } = await start('API_KEYS_SSM', 60);
      expect(await status(stdout.trim())).toBe(200);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('while the server is unreachable, the last registry stays in force', async () => {
    await stores.API_KEYS_SSM.put(entries('one'));
    const { status, lines } = await start('API_KEYS_SSM', 0.02);
    moto.kill('SIGKILL');
    await setTimeout(50);
    await status('one');
    await vi.waitFor(() => expect(lines.join('\n')).toContain('keys-not-refreshed'), { timeout: 15_000 });
    expect(await status('one')).toBe(200);
  });
});

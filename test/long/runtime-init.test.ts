/** Deployments that must not start: the init error names the reason, and no secret. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { KEY } from '../requests.ts';
import { startEnvironment } from '../runtime/environment.ts';

const ric = inject('ric');
const taskRoot = inject('taskRoot');
const API_KEYS = `tester:${KEY}`;

describe.skipIf(!ric)('a start that fails', () => {
  /** Starts a function that fails. @returns the init error, and all output of the process */
  async function fail(handler: string, env: Readonly<Record<string, string>>, root = taskRoot) {
    const environment = await startEnvironment({ ric, taskRoot: root, handler, env });
    await expect.poll(environment.isAlive).toBe(false);
    await environment.close();
    const { errorType = 'none', errorMessage = '' } = environment.initError ?? {};
    return { errorType, errorMessage, all: JSON.stringify(environment.initError) + environment.log() };
  }

  const WRONG: readonly (readonly [what: string, env: Readonly<Record<string, string>>, says: string])[] = [
    ['no keys', {}, 'API_KEYS is required'],
    ['a key without an id', { API_KEYS: `${KEY}` }, 'API_KEYS is invalid'],
    ['two sources of keys', { API_KEYS, API_KEYS_SSM: '/keys' }, 'API_KEYS and API_KEYS_SSM exclude each other'],
    ['a number out of bounds', { API_KEYS, SOURCE_MAX_BYTES: '1' }, 'SOURCE_MAX_BYTES must be'],
    ['a misspelt setting', { API_KEYS, SOURCE_ALOWED_HOSTS: 'a.example' }, 'did you mean SOURCE_ALLOWED_HOSTS?'],
    ['an invalid preset', { API_KEYS, PRESETS: 'thumb=w=0' }, 'The preset thumb is invalid: w must be'],
  ];
  describe.each(['index.handler', 'stream.handler'])('%s', (handler) => {
    test.each(WRONG)('%s', async (_what, env, says) => {
      const { errorType, errorMessage, all } = await fail(handler, env);
      expect(errorType).toBe('TypeError');
      expect(errorMessage).toContain(says);
      expect(all).not.toContain(KEY);
    });
  });

  test.each([
    ['index.other', 'Runtime.HandlerNotFound', 'index.other is undefined or not exported'],
    ['other.handler', 'Runtime.ImportModuleError', "Cannot find module 'other'"],
  ])('%s', async (handler, type, says) => {
    const { errorType, errorMessage } = await fail(handler, { API_KEYS });
    expect(errorType).toBe(type);
    expect(errorMessage).toContain(says);
  });

  test('the runtime refuses handlers with a callback; both entry points start', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pixgate-callback-'));
    writeFileSync(
      join(folder, 'index.mjs'),
      'export const handler = (event, context, callback) => callback(null, {});',
    );
    expect((await fail('index.handler', {}, folder)).errorType).toBe('Runtime.CallbackHandlerDeprecated');
    rmSync(folder, { recursive: true });
    for (const handler of ['index.handler', 'stream.handler']) {
      const environment = await startEnvironment({ ric, taskRoot, handler, env: { API_KEYS } });
      expect([environment.initError, environment.isAlive()]).toEqual([undefined, true]);
      await environment.close();
    }
  });
});

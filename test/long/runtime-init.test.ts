/** Deployments that must not start: the runtime is told why, in words that help, and without a secret. */
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
  /** What the platform is told, and all that the process has printed. */
  async function fail(handler: string, env: Readonly<Record<string, string>>, root = taskRoot) {
    const one = await startEnvironment({ ric, taskRoot: root, handler, env });
    await expect.poll(one.isAlive).toBe(false);
    await one.close();
    const { errorType = 'none', errorMessage = '' } = one.initError ?? {};
    return { errorType, errorMessage, all: JSON.stringify(one.initError) + one.log() };
  }

  const WRONG: readonly (readonly [what: string, env: Readonly<Record<string, string>>, says: string])[] = [
    ['no keys', {}, 'API_KEYS is required'],
    ['a key that is none', { API_KEYS: `${KEY}` }, 'API_KEYS is invalid'],
    ['two sources of keys', { API_KEYS, API_KEYS_SSM: '/keys' }, 'API_KEYS and API_KEYS_SSM exclude each other'],
    ['a number out of bounds', { API_KEYS, SOURCE_MAX_BYTES: '1' }, 'SOURCE_MAX_BYTES must be'],
    ['a misspelt setting', { API_KEYS, SOURCE_ALOWED_HOSTS: 'a.example' }, 'SOURCE_ALLOWED_HOSTS is meant'],
    ['a preset that is wrong', { API_KEYS, PRESETS: 'thumb=w=0' }, 'The preset thumb is invalid: w must be'],
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

  test('this runtime refuses handlers with a callback; both of ours start', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pixgate-callback-'));
    writeFileSync(
      join(folder, 'index.mjs'),
      'export const handler = (event, context, callback) => callback(null, {});',
    );
    expect((await fail('index.handler', {}, folder)).errorType).toBe('Runtime.CallbackHandlerDeprecated');
    rmSync(folder, { recursive: true });
    for (const handler of ['index.handler', 'stream.handler']) {
      const one = await startEnvironment({ ric, taskRoot, handler, env: { API_KEYS } });
      expect([one.initError, one.isAlive()]).toEqual([undefined, true]);
      await one.close();
    }
  });
});

/** Runs the examples of the page *Origins*: its origin, the settings of each example, and the requests with their responses. */
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { startServer } from '../../src/dev/server.ts';
import { freePort } from '../ports.ts';
import { codeOf, request } from '../requests.ts';

const page = readFileSync(new URL('../../src/docs/origins.md', import.meta.url), 'utf8');
const [, originCode = ''] = /^```mjs\n([\s\S]*?)^```$/m.exec(page) ?? [];
/** Sections with their examples. */
const sections = page
  .split(/^## /m)
  .slice(1)
  .map((text) => ({
    title: text.split('\n', 1)[0] ?? '',
    examples: [...text.matchAll(/^```(?:sh|json)\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code),
  }));
const examples = sections.flatMap(({ title, examples }) => examples.map((code) => [title, code] as const));
/** The settings of an example, up to `npm start`. */
const commandOf = (code: string) => /^[\s\S]*?npm start$/m.exec(code)?.[0] ?? '';
const runnable = examples.filter(([, code]) => commandOf(code) && !code.includes('AWS_'));
const port = await freePort();

let origin: ReturnType<typeof spawn>;
beforeAll(async () => {
  const code = originCode.replace('9000', String(port));
  origin = spawn(process.execPath, ['--input-type=module', '-e', code], {
    cwd: new URL('../../', import.meta.url),
    stdio: 'inherit',
  });
  const isUp = async () => expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(404);
  await vi.waitFor(isUp, { timeout: 60_000, interval: 200 });
}, 90_000);
afterAll(() => void origin.kill());

/** Returns the environment that a shell gives to `npm start`. */
function environmentOf(command: string): Record<string, string> {
  const print = command.replace(/npm start$/, `'${process.execPath}' -p 'JSON.stringify(process.env)'`);
  const {
    PATH: _,
    PWD: __,
    SHLVL: ___,
    OLDPWD: ____,
    ...env
  } = JSON.parse(execFileSync('sh', ['-c', print], { env: {} }).toString());
  return env;
}

describe.each(runnable)('%s', (_title, text) => {
  const code = text.replaceAll('9000', String(port));
  const requests = [...code.matchAll(/^curl .*?'(http[^']*)' *# → (\d+) ?(\S*)$/gm)];
  test('has requests', () => expect(requests.length).toBeGreaterThan(0));
  test(code, async () => {
    const command = commandOf(code);
    const own = await freePort();
    const env = environmentOf(command.replaceAll(':3000', `:${own}`));
    const { origin: base, stop } = await startServer(
      loadConfig({ API_KEYS: 'demo:myKey', ...env, PORT: String(own) }),
      {
        log: () => {},
      },
    );
    try {
      for (const [, url = '', status, what = ''] of requests) {
        const target = url.replaceAll('3000', String(own)).slice(base.length);
        const reply = await request(base, target);
        const type =
          reply.status < 300 ? (reply.headers['content-type'] ?? '') : reply.status < 400 ? '' : codeOf(reply);
        expect(`${reply.status} ${type}`.trim(), `${url}: ${reply.status < 300 ? '' : reply.body}`).toBe(
          `${status} ${what}`.trim(),
        );
      }
    } finally {
      await stop();
    }
  });
});

test('every section has an example', () =>
  expect(sections.filter(({ examples }) => !examples.length).map(({ title }) => title)).toEqual([]));

test('policies are JSON, of actions that the code needs', () => {
  const policies = [...page.matchAll(/^```json\n([\s\S]*?)^```$/gm)].map(([, code = '']) => JSON.parse(code));
  const actions = policies.map(({ Statement }) => Statement.flatMap(({ Action }: { Action: string }) => Action));
  expect(actions).toEqual([
    ['s3:GetObject', 's3:GetObjectVersion', 's3:ListBucket', 'kms:Decrypt'],
    ['s3:GetObject', 's3:GetObjectVersion', 's3:ListBucket'],
  ]);
});

/** A function of another product, made of the packed middlewares, under AWS's runtime client. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { events } from '../requests.ts';
import { type Environment, startEnvironment } from '../runtime/environment.ts';
import { run } from '../runtime/installed-tools.ts';

const ric = inject('ric');
const cwd = fileURLToPath(new URL('../..', import.meta.url));

describe.skipIf(!ric)('the documented CSV endpoint', () => {
  const taskRoot = mkdtempSync(join(tmpdir(), 'pixgate-reuse-'));
  let endpoint: Environment;
  beforeAll(async () => {
    await run('npm', ['pack', '--pack-destination', taskRoot], { cwd });
    const [tarball = ''] = readdirSync(taskRoot);
    writeFileSync(join(taskRoot, 'package.json'), '{"type":"module","private":true}');
    await run('npm', ['install', '--no-audit', '--no-fund', `./${tarball}`, 'ajv@8.20.0'], { cwd: taskRoot });
    const page = readFileSync(join(cwd, 'src/docs/middlewares.md'), 'utf8');
    // Without the requests of the example.
    const [code = ''] = (/```mjs\n([\s\S]*?)```/.exec(page)?.[1] ?? '').split('const ask =');
    writeFileSync(
      join(taskRoot, 'index.mjs'),
      code.replaceAll(/'\.\/src\/(middlewares\/[\w-]+)\.ts'/g, "'pixgate/$1'"),
    );
    endpoint = await startEnvironment({ ric, taskRoot, handler: 'index.handler' });
  }, 120_000);
  afterAll(async () => {
    await endpoint.close();
    rmSync(taskRoot, { recursive: true });
  });

  test.each(Object.entries(events))('%s', async (_eventSource, toEvent) => {
    expect(endpoint.initError).toBeUndefined();
    const good = await endpoint.ask(toEvent({ k: 'theKey', year: 2026 }));
    expect([good.status, good.headers['content-type'], String(good.body)]).toEqual([
      200,
      'text/csv',
      'year,orders\n2026,42\n',
    ]);
    const wrong = await endpoint.ask(toEvent({ k: 'theKey', year: '2e3' }));
    expect([wrong.status, JSON.parse(String(wrong.body)).errors[0].parameter]).toEqual([400, 'year']);
    expect((await endpoint.ask(toEvent({ year: 2026 }))).status).toBe(401);
    expect(endpoint.log()).toContain('"keyId":"acme"');
  });
});

/** openapi.json in other programs: a linter, and a typed client generated from it. `npm run test:openapi`. */
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer } from '../../src/dev/server.ts';
import { openapi } from '../../src/generate/openapi.ts';
import { startOrigin } from '../origin.ts';
import { KEY, testConfig } from '../requests.ts';

/** The generator uses the compiler that it was written for; its output is compiled by ours. */
const PACKAGES = ['@redocly/cli@2.77.0', 'openapi-typescript@7.13.0', 'openapi-fetch@0.17.0', 'typescript@5.9.3'];
const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'pixgate-openapi-'));
const write = (name: string, text: string) => writeFileSync(join(folder, name), text);

/** Runs a program of the folder, or tsc of the project. @returns its output, and whether it succeeded */
function run(name: string, args: string[]): Promise<{ ok: boolean; output: string }> {
  const { PATH = '', HOME = '' } = process.env;
  const env = { PATH, HOME, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
  const bin = name === 'tsc' ? at('node_modules/.bin') : join(folder, 'node_modules/.bin');
  const program = name === 'node' ? [] : [join(bin, name)];
  return promisify(execFile)(process.execPath, [...program, ...args], { cwd: folder, env }).then(
    ({ stdout, stderr }) => ({ ok: true, output: stdout + stderr }),
    ({ stdout, stderr }) => ({ ok: false, output: `${stdout}${stderr}` }),
  );
}

beforeAll(async () => {
  write('package.json', '{"type":"module","private":true}');
  execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...PACKAGES], {
    cwd: folder,
    stdio: 'ignore',
  });
  write('openapi.json', JSON.stringify(openapi(), null, 2));
  const generated = await run('openapi-typescript', ['openapi.json', '-o', 'schema.ts']);
  if (!generated.ok) throw new Error(generated.output);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('Redocly', () => {
  /** OPTIONS reads neither key nor query, and so has no 4xx response. */
  const IGNORED = "openapi.json:\n  operation-4xx-response:\n    - '#/paths/~1/options/responses'\n";
  const lint = async (document: string) => {
    write('.redocly.lint-ignore.yaml', IGNORED);
    return run('redocly', ['lint', document, '--extends', 'recommended-strict']);
  };

  test('reports nothing', async () => {
    const { ok, output } = await lint('openapi.json');
    expect(output).toContain('Your API description is valid');
    expect([ok, output]).toEqual([true, expect.not.stringMatching(/warning|\[\d+\]/i)]);
  });

  test('reports a missing field', async () => {
    const { info: _, ...rest } = openapi();
    write('invalid.json', JSON.stringify(rest));
    expect((await lint('invalid.json')).output).toContain('The field `info` must be present');
  });
});

/** A program that uses the client. */
const CLIENT = `
import createClient from 'openapi-fetch';
import type { paths } from './schema.ts';

const [, , baseUrl = '', k = '', u = ''] = process.argv;
const { GET } = createClient<paths>({ baseUrl });
const picture = await GET('/', { params: { query: { k, u, w: 64, f: 'webp' } }, parseAs: 'arrayBuffer' });
const facts = await GET('/', { params: { query: { k, u, f: 'json' } } });
const refused = await GET('/', { params: { query: { k, u, w: 0 } } });
const unsigned = await GET('/', { params: { query: { u, w: 64 } }, headers: { 'x-api-key': 'wrong' } });
const { data: fact } = facts;
const { error } = refused;
const code = typeof unsigned.error === 'object' ? unsigned.error.code : undefined;
console.log(
  JSON.stringify({
    picture: [picture.response.headers.get('content-type'), new TextDecoder().decode(picture.data?.slice(0, 4))],
    facts: typeof fact === 'object' ? [fact.format, fact.pages] : fact,
    refused: typeof error === 'object' && error.code === 'QUERY_INVALID' ? error.errors?.map((one) => one.parameter) : error,
    code,
  }),
);
`;
/** Mistakes that tsc must report. The client's GET is generic, and tsc checks for excess properties only against a given type: so one query has `satisfies`. */
const MISTAKES = `
type Query = paths['/']['get']['parameters']['query'];
export const mistakes = async () => {
  // @ts-expect-error an unknown name
  await GET('/', { params: { query: { u, wdth: 64 } satisfies Query } });
  // @ts-expect-error an unknown value
  await GET('/', { params: { query: { u, w: 64, f: 'bmp' } } });
  // @ts-expect-error a wrong type
  await GET('/', { params: { query: { u, w: 64, q: 'high' } } });
  // @ts-expect-error a missing parameter
  await GET('/', { params: { query: { w: 64 } } });
  // @ts-expect-error an unknown code
  return code === 'NO_SUCH_CODE';
};
`;

describe('a client made by openapi-typescript and openapi-fetch', () => {
  const FLAGS =
    '--noEmit --strict --skipLibCheck --module nodenext --target es2024 --lib es2024,dom --types node --allowImportingTsExtensions';
  const compile = async (code: string) => {
    write('check.ts', code);
    return run('tsc', [...FLAGS.split(' '), '--typeRoots', at('node_modules/@types'), 'check.ts']);
  };

  test('its types accept valid requests, and refuse mistakes', async () =>
    expect(await compile(CLIENT + MISTAKES)).toEqual({ ok: true, output: '' }));

  test('each mistake is refused for the expected reason', async () => {
    const { output } = await compile(CLIENT + MISTAKES.replaceAll('@ts-expect-error', ''));
    expect(output.match(/error TS\d+/g)).toHaveLength(5);
    for (const word of ['wdth', 'bmp', 'string', "'u'", 'NO_SUCH_CODE']) expect(output).toContain(word);
  });

  test('it gets an image, metadata, and errors with their codes', async () => {
    const body = readFileSync(at('src/dev/samples/landscape.jpg'));
    const origin = await startOrigin({ '/a.jpg': { body } });
    const server = await startServer(testConfig(), { log: () => {} });
    write('client.ts', CLIENT);
    const { output } = await run('node', ['client.ts', server.origin, KEY, `${origin.url}/a.jpg`]);
    await server.stop();
    await origin.close();
    expect(JSON.parse(output)).toEqual({
      picture: ['image/webp', 'RIFF'],
      facts: ['jpeg', 1],
      refused: ['w'],
      code: 'UNAUTHORIZED',
    });
  });
});

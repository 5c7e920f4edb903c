/**
 * Thousands of requests that Schemathesis generates from openapi.json, valid and invalid ones, against the running server.
 * Needs SCHEMATHESIS, the path of schemathesis (pip install schemathesis). `npm run test:openapi`.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import querySchema from '../../schemas/query.json' with { type: 'json' };
import { startServer } from '../../src/dev/server.ts';
import { openapi } from '../../src/generate/openapi.ts';
import { loadMarks } from '../../src/marks/load.ts';
import { RESPONSES, violations } from '../openapi-judge.ts';
import { startOrigin } from '../origin.ts';
import { testConfig } from '../requests.ts';

const { SCHEMATHESIS, PATH = '' } = process.env;
if (!SCHEMATHESIS)
  console.log('SKIPPED: the generated requests need SCHEMATHESIS, the path of schemathesis (pip install schemathesis)');

const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'negative_data_rejection',
  'unsupported_method',
  'allow_header_conformance',
  'wrong_is_refused',
];
/** A failure of the origin is no server error; an invalid request is refused as such, and not by coincidence. */
const SETTINGS = `
[checks.not_a_server_error]
expected-statuses = ["2xx", "3xx", "4xx", "502", "504"]
[checks.negative_data_rejection]
expected-statuses = ["400", "401", "403"]
`;
const HERE = fileURLToPath(new URL('.', import.meta.url));
const SAMPLES = ['landscape.jpg', 'turned.jpg', 'cat.webp', 'banana.gif', 'logo.svg'];
const sample = (name: string) => readFileSync(new URL(`../../src/dev/samples/${name}`, import.meta.url));

/** An exchange in the report (HTTP Archive). */
interface Exchange {
  readonly request: { readonly method: string; readonly url: string };
  readonly response: {
    readonly status: number;
    readonly headers: readonly { name: string; value: string }[];
    readonly content: { readonly text?: string };
  };
}

describe.skipIf(!SCHEMATHESIS)('generated requests', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pixgate-cases-'));
  let origin: Awaited<ReturnType<typeof startOrigin>>;
  let server: Awaited<ReturnType<typeof startServer>>;
  beforeAll(async () => {
    origin = await startOrigin({
      ...Object.fromEntries(SAMPLES.map((name) => [`/${name}`, { body: sample(name) }])),
      '/cut.jpg': { body: sample('landscape.jpg').subarray(0, 9000) },
      '/header.jpg': { body: sample('landscape.jpg').subarray(0, 200) },
      '/text.jpg': { body: 'hello' },
      '/down.jpg': { status: 503 },
    });
    const config = testConfig({
      API_KEYS: 'cases:key-of-cases',
      SOURCE_ALLOWED_HOSTS: `127.0.0.1:${origin.port}`,
      RESULT_MAX_PIXELS: '1000000',
      MARKS: `{"logo": {"source": "data:;base64,${sample('logo.svg').toString('base64')}"}}`,
    });
    server = await startServer(config, { log: () => {}, marks: await loadMarks(config.marks, config) });
    writeFileSync(join(folder, 'schemathesis.toml'), SETTINGS);
  });
  afterAll(async () => {
    await server.stop();
    await origin.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function generate(document: string, ...flags: string[]): Promise<{ code: number | null; output: string }> {
    const checks = ['--checks', CHECKS.join(), '--generation-deterministic', '--no-color', '--request-timeout', '30'];
    const credentials = ['--generation-with-security-parameters', 'false', '-H', 'x-api-key: key-of-cases'];
    const samples = SAMPLES.flatMap((name) => Array(4).fill(name));
    const sources = [...samples, 'none.jpg', 'cut.jpg', 'header.jpg', 'text.jpg', 'down.jpg'].map(
      (name) => `${origin.url}/${name}`,
    );
    const child = spawn(SCHEMATHESIS ?? '', ['run', document, ...checks, ...credentials, ...flags], {
      cwd: folder,
      env: {
        PATH,
        HOME: folder,
        PYTHONDONTWRITEBYTECODE: '1',
        SCHEMATHESIS_HOOKS: join(HERE, 'schemathesis.py'),
        QUERY_SCHEMA: join(HERE, '../../schemas/query.json'),
        SOURCES: JSON.stringify(sources),
      },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data));
    const code = await new Promise<number | null>((resolve, reject) =>
      child.once('error', reject).once('close', resolve),
    );
    return { code, output };
  }

  test('every response is as documented; hundreds are images, by every parameter', async () => {
    const report = ['--report', 'har', '--report-har-path', 'cases.har', '--output-sanitize', 'false'];
    const phases = ['--phases', 'coverage,fuzzing', '--max-examples', '500', '--continue-on-failure'];
    const { code, output } = await generate(`${server.origin}/openapi.json`, ...phases, ...report);
    expect([code, output]).toEqual([0, expect.stringContaining('No issues found')]);

    const exchanges: Exchange[] = JSON.parse(readFileSync(join(folder, 'cases.har'), 'utf8')).log.entries;
    const count: Record<string, number> = {};
    const used = new Set<string>();
    for (const { request, response } of exchanges) {
      const { status, content } = response;
      const { method, url } = request;
      count[status] = (count[status] ?? 0) + 1;
      if (status === 200) for (const name of new URL(url).searchParams.keys()) used.add(name);
      const headers = Object.fromEntries(response.headers.map(({ name, value }) => [name.toLowerCase(), value]));
      const reply = { status, headers, body: Buffer.from(content.text ?? '') };
      if (RESPONSES[method.toLowerCase()]) expect([url, violations(reply, method)]).toEqual([url, []]);
    }
    console.log(`${exchanges.length} generated requests, by status: ${JSON.stringify(count)}`);
    expect(exchanges.length).toBeGreaterThan(2000);
    expect(count[200]).toBeGreaterThan(500);
    expect(count[400]).toBeGreaterThan(500);
    expect(Object.keys(count)).toEqual(
      expect.arrayContaining(['200', '204', '400', '401', '404', '405', '413', '415', '422', '502']),
    );
    const needKey = ['k', 's', 'exp', 'p'];
    expect(Object.keys(querySchema.properties).filter((name) => !used.has(name) && !needKey.includes(name))).toEqual(
      [],
    );
  });

  // biome-ignore lint/suspicious/noExplicitAny: mistakes change the document in any way
  const mistakes: [string, (server: any) => void, string][] = [
    ['a status', ({ paths }) => delete paths['/'].get.responses[400], 'Undocumented status code'],
    [
      'a media type',
      ({ paths }) => delete paths['/'].get.responses[200].content['image/webp'],
      'Undocumented Content-Type',
    ],
    [
      'a header',
      ({ components }) => Object.assign(components.headers['Cache-Tag'], { schema: { const: 'x' } }),
      'Response header',
    ],
    ['a field', ({ components }) => components.schemas.Fault.required.push('more'), '"more" is a required property'],
    ['a bound', ({ components }) => Object.assign(components.parameters.q.schema, { maximum: 50 }), '200 for'],
  ];
  test.each(mistakes)('a mistake in %s of the document is detected', async (_, change, message) => {
    const wrong = JSON.parse(JSON.stringify(openapi()));
    change(wrong);
    writeFileSync(join(folder, 'wrong.json'), JSON.stringify(wrong));
    const { code, output } = await generate('wrong.json', '--url', server.origin, '--phases', 'coverage');
    expect([code, output]).toEqual([1, expect.stringContaining(message)]);
  });
});

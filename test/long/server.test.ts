/** The server of a container: the package of `npm run build -- --server`, started as in the Dockerfile. `npm run test:server`. */
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { writeParameter } from '../../src/cli/ssm.ts';
import { startOrigin } from '../origin.ts';
import { decodePixels } from '../pixels.ts';
import { freePort } from '../ports.ts';
import { codeOf, KEY, request } from '../requests.ts';
import { CHECKOV, failedRules } from './checkov.ts';
import { hasMoto, startMoto } from './moto.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const dockerfile = readFileSync(join(root, 'src/build/Dockerfile'), 'utf8');
const [, stage = ''] = dockerfile.split(/^FROM .* AS server$/m);
/** Returns the words of an instruction of the stage `server`. */
const wordsOf = (pattern: RegExp): string[] => JSON.parse(pattern.exec(stage)?.[1] ?? '[]');
const command = wordsOf(/^CMD (.*)$/m);
const healthCheck = wordsOf(/^HEALTHCHECK .*?CMD (.*)$/m);
const environment = Object.fromEntries(
  (/^ENV (.*)$/m.exec(stage)?.[1] ?? '').split(' ').map((pair) => pair.split('=') as [string, string]),
);

let folder: string;
let origin: Awaited<ReturnType<typeof startOrigin>>;
const started: ChildProcess[] = [];
beforeAll(async () => {
  execFileSync('npm', ['run', 'build', '--', '--server', '--arch', process.arch], { cwd: root });
  // Inside of the project, packages that are missing in the build would be found.
  folder = mkdtempSync(join(tmpdir(), 'pixgate-server-'));
  cpSync(join(root, 'dist'), folder, { recursive: true });
  const sample = (name: string) => readFileSync(join(root, 'src/dev/samples', name));
  origin = await startOrigin({
    '/a.jpg': { body: sample('landscape.jpg') },
    '/a.svg': { body: sample('logo.svg') },
    '/slow.jpg': { framing: 'silent' },
  });
});
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});
afterAll(async () => {
  await origin?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts the command of the Dockerfile with its environment, but for the port. */
async function start(settings: Readonly<Record<string, string>>) {
  const port = await freePort();
  const { PATH = '' } = process.env;
  const env = { PATH, SOURCE_ALLOWED_NETWORKS: '127.0.0.0/8', ...environment, PORT: String(port), ...settings };
  const child = spawn(process.execPath, command.slice(1), { cwd: folder, env });
  started.push(child);
  let output = '';
  child.stdout.on('data', (data) => (output += data));
  child.stderr.on('data', (data) => (output += data));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const base = `http://127.0.0.1:${port}`;
  const ready = () => expect.poll(() => output, { timeout: 60_000 }).toContain('Listening on');
  /** Exit code of the health check. */
  const check = () =>
    new Promise<number>((done) =>
      execFile(process.execPath, healthCheck.slice(1), { env }, (error) => done(Number(error?.code ?? 0))),
    );
  return { child, ended, base, ready, check, output: () => output };
}
const target = (u: string, w = 100) => `/?k=${KEY}&w=${w}&u=${encodeURIComponent(u)}`;

test('what the Dockerfile copies and runs exists', () => {
  expect([command[0], healthCheck[0]]).toEqual(['node', 'node']);
  expect(existsSync(join(folder, command[1] ?? ''))).toBe(true);
  for (const [, paths = ''] of dockerfile.matchAll(/^COPY (?!--from)(.*) \S+$/gm))
    for (const path of paths.split(' ')) expect(existsSync(join(root, path)), path).toBe(true);
  const [handler = ''] = JSON.parse(/^CMD (\["\w+\.handler"\])$/m.exec(dockerfile)?.[1] ?? '[]');
  expect(existsSync(join(folder, handler.replace(/handler$/, 'mjs')))).toBe(true);
});

test.skipIf(!CHECKOV)('the Dockerfile follows the rules of checkov', async () => {
  expect(await failedRules(join(root, 'src/build/Dockerfile'), 'dockerfile')).toEqual([]);
});

test('it serves images, and nothing of the local server', async () => {
  const keys = join(folder, 'keys');
  writeFileSync(keys, `a:${KEY}`);
  const { base, ready, output } = await start({ API_KEYS_FILE: keys });
  await ready();
  const photo = await request(base, target(`${origin.url}/a.jpg`), { accept: 'image/webp' });
  expect(await decodePixels(photo.body)).toMatchObject({ type: 'image/webp', width: 100, height: 75 });
  const svg = await request(base, target(`${origin.url}/a.svg`));
  expect(await decodePixels(svg.body)).toMatchObject({ type: 'image/png', width: 100, height: 50 });
  for (const path of [
    '/',
    '/samples/landscape.jpg',
    '/docs/readme',
    '/openapi.json',
    '/?k=myKey&u=https://a.example/b',
  ]) {
    const reply = await request(base, path);
    expect([reply.status, codeOf(reply)], path).toEqual([401, 'UNAUTHORIZED']);
  }
  expect((await request(base, target(`${base}/samples/landscape.jpg`))).status).toBe(403);
  // A name that it does not know is that of a proxy.
  expect((await request(base, target(`${origin.url}/a.jpg`), { host: 'img.example.com' })).status).toBe(200);
  const lines = output().trim().split('\n');
  expect(lines.map((line) => JSON.parse(line).level)).toEqual(lines.map(() => 'INFO'));
});

test('without keys it does not start', async () => {
  const { ended, output } = await start({});
  expect(await ended).toBe(1);
  expect(output()).toContain('API_KEYS is required');
});

test('with OWN_HOSTS, other hosts are refused, but for IP addresses', async () => {
  const { base, ready } = await start({ API_KEYS: `a:${KEY}`, OWN_HOSTS: 'img.example.com' });
  await ready();
  const statusFor = async (host: string) => (await request(base, '/health', { host })).status;
  expect(await Promise.all(['img.example.com', '10.0.0.1:3000', 'other.example'].map(statusFor))).toEqual([
    200, 200, 421,
  ]);
});

test('SIGTERM: not ready, requests are finished and new ones still served for 5 s, then it exits with 0', async () => {
  const { base, ready, child, check, ended } = await start({ API_KEYS: `a:${KEY}`, SOURCE_IDLE_TIMEOUT: '7000' });
  await ready();
  expect([(await request(base, '/health')).body.toString(), await check()]).toEqual(['{"status":"ready"}', 0]);
  const keepAlive = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const waiting = new Promise<http.IncomingMessage>((done) =>
    http.get(base + target(`${origin.url}/slow.jpg`), { agent: keepAlive }, (response) => done(response.resume())),
  );
  await expect.poll(() => origin.requests.at(-1)?.url).toBe('/slow.jpg');
  child.kill('SIGTERM');
  await expect.poll(async () => (await request(base, '/health')).status).toBe(503);
  expect(await check()).toBe(1);
  const late = await request(base, target(`${origin.url}/a.jpg`));
  expect([late.status, late.headers.connection]).toEqual([200, 'close']);
  // Longer than it accepts connections.
  const { statusCode, headers } = await waiting;
  expect([statusCode, headers.connection]).toEqual([504, 'close']);
  expect(await ended).toBe(0);
  keepAlive.destroy();
});

describe.skipIf(!hasMoto)('on AWS', () => {
  let moto: ChildProcess;
  beforeAll(async () => {
    moto = await startMoto();
  });
  afterAll(() => moto?.kill());

  test('keys in SSM, and sources in S3, by the SDK in the package', async () => {
    const client = new S3Client({});
    await client.send(new CreateBucketCommand({ Bucket: 'photos' }));
    const Body = readFileSync(join(root, 'src/dev/samples/landscape.jpg'));
    await client.send(new PutObjectCommand({ Bucket: 'photos', Key: 'a.jpg', Body }));
    await writeParameter('/pixgate/keys', `a:${KEY}`);
    const { AWS_ENDPOINT_URL = '', AWS_REGION = '', AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '' } = process.env;
    const aws = { AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY };
    const { base, ready } = await start({
      ...aws,
      API_KEYS_SSM: '/pixgate/keys',
      SOURCE_ALLOWED_BUCKETS: 'photos',
      SOURCE_S3_PATH_STYLE: 'on',
    });
    await ready();
    const reply = await request(base, target('s3://photos/a.jpg'), { accept: 'image/webp' });
    expect(reply.status, reply.body.toString()).toBe(200);
    expect(await decodePixels(reply.body)).toMatchObject({ type: 'image/webp', width: 100, height: 75 });
  });
});

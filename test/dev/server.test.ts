/** npm start as a newcomer runs it: a process of its own, its output, its end. */

import { type ChildProcess, spawn } from 'node:child_process';
import net from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { startOrigin } from '../origin.ts';
import { look } from '../pixels.ts';
import { request } from '../requests.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const started: ChildProcess[] = [];
const outputs: (() => string)[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  // The greeting shows the key that is there to be tried; the log never does, nor any query.
  for (const output of outputs.splice(0))
    for (const line of output()
      .split('\n')
      .filter((one) => one.startsWith('{')))
      expect(line).not.toMatch(/myKey|[?&]\w+=/);
});

function start(env: Record<string, string> = {}, flags: string[] = []) {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [...flags, 'src/dev/server.ts'], {
    cwd: root,
    env: { PATH, HOME, PORT: '0', ...env },
  });
  started.push(child);
  let output = '';
  child.stdout.on('data', (data) => (output += data));
  child.stderr.on('data', (data) => (output += data));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const ready = async () => {
    await expect.poll(() => output, { timeout: 20_000 }).toContain('Ctrl-C stops it.');
    return /answers at (\S+)\. Ctrl/.exec(output)?.[1] ?? '';
  };
  outputs.push(() => output);
  return { child, ended, ready, output: () => output };
}

test('it prints an address that shows a picture, and a line for curl', async () => {
  const { ready, output } = start();
  const base = await ready();
  const [, clickable = ''] = /at 320 px, to click:\n +(\S+)/.exec(output()) ?? [];
  const reply = await request(base, clickable.slice(base.length), { accept: 'image/webp' });
  expect(reply.status).toBe(200);
  expect(await look(reply.body)).toMatchObject({ type: 'image/webp', width: 320, height: 240 });
  expect(output()).toContain(`curl -o small.jpg '${clickable}'`);
  expect(clickable).toContain('k=myKey');
});

test('its samples and nothing else of itself may be fetched', async () => {
  const base = await start().ready();
  const ask = (u: string) => request(base, `/?k=myKey&w=40&u=${encodeURIComponent(u)}`);
  for (const sample of ['banana.gif', 'cat.webp', 'landscape.jpg', 'logo.svg', 'turned.jpg'])
    expect((await look((await ask(`${base}/samples/${sample}`)).body)).width).toBe(40);
  expect((await ask(`${base}/samples/none.jpg`)).status).toBe(404);
  expect((await ask(`${base}/?k=myKey`)).status).toBe(403);
  expect((await ask('http://127.0.0.1:22/')).status).toBe(403);
});

test('a wrong variable stops the start, with every wrong one named', async () => {
  const { ended, output } = start({ PORT: 'x', SOURCE_ALLOWED_NETWORKS: '10.0.0.1', SOURCE_MAX_BYTES: '-1' });
  expect(await ended).toBe(1);
  for (const name of ['PORT', 'SOURCE_ALLOWED_NETWORKS', 'SOURCE_MAX_BYTES']) expect(output()).toContain(name);
  expect(output()).not.toMatch(/\n\s+at /);
});

test('a port in use says what to do', async () => {
  const origin = await startOrigin();
  const { ended, output } = start({ PORT: String(origin.port) });
  expect(await ended).toBe(1);
  expect(output()).toContain(`Port ${origin.port} is in use`);
  await origin.close();
});

test('Ctrl-C drains: the request in work is answered, and the exit code is 0', async () => {
  const origin = await startOrigin({ '/slow.jpg': { framing: 'silent' } });
  const { ready, child, ended } = start({ SOURCE_ALLOWED_NETWORKS: '127.0.0.0/8', SOURCE_IDLE_TIMEOUT: '700' });
  const base = await ready();
  const waiting = request(base, `/?k=myKey&w=1&u=${encodeURIComponent(`${origin.url}/slow.jpg`)}`);
  await expect.poll(() => origin.seen.length).toBe(1);
  child.kill('SIGINT');
  expect((await waiting).status).toBe(504);
  expect(await ended).toBe(0);
  await origin.close();
});

test('Ctrl-C cuts no request off that comes on a kept connection while others are in work', async () => {
  const origin = await startOrigin({ '/a.jpg': { framing: 'silent' }, '/b.jpg': { framing: 'silent' } });
  const { ready, child, ended } = start({ SOURCE_ALLOWED_NETWORKS: '127.0.0.0/8', SOURCE_IDLE_TIMEOUT: '700' });
  const base = await ready();
  const target = (path: string) => `/?k=myKey&w=1&u=${encodeURIComponent(origin.url + path)}`;
  const first = `GET ${target('/a.jpg')} HTTP/1.1\r\nHost: a\r\n\r\n`;
  const kept = net.connect(Number(new URL(base).port), '127.0.0.1', () => kept.write(first));
  const text = new Promise<string>((resolve) => {
    let answers = '';
    kept.on('data', (data) => (answers += data)).on('close', () => resolve(answers));
  });
  await expect.poll(() => origin.seen.length).toBe(1);
  await new Promise((resolve) => setTimeout(resolve, 300));
  const other = request(base, target('/b.jpg'));
  await expect.poll(() => origin.seen.length).toBe(2);
  child.kill('SIGINT');
  // The connection ends with the answer, and says so: a client that went on would be cut off when the other is done.
  expect(await text).toMatch(/^HTTP\/1\.1 504 [\s\S]*\r\nConnection: close\r\n/i);
  expect((await other).status).toBe(504);
  expect(await ended).toBe(0);
  await origin.close();
});

test('Ctrl-C does not wait for connections that ask for nothing', async () => {
  const { ready, child, ended } = start();
  const port = Number(new URL(await ready()).port);
  const silent = net.connect(port, '127.0.0.1').on('error', () => {});
  const half = net.connect(port, '127.0.0.1').on('error', () => {});
  half.write('GET / HTTP/1.1\r\nHost');
  await new Promise((resolve) => setTimeout(resolve, 100));
  const asked = performance.now();
  child.kill('SIGINT');
  expect(await ended).toBe(0);
  expect(performance.now() - asked).toBeLessThan(2000);
  silent.destroy();
});

test('an address that is not of this machine says so', async () => {
  const { ended, output } = start({ HOST: '192.0.2.1' });
  expect(await ended).toBe(1);
  expect(output()).toContain('HOST=192.0.2.1 is not an address of this machine');
});

describe('what strangers send does not hurt it', () => {
  const raw = (base: string, text: string) =>
    new Promise<string>((resolve) => {
      const socket = net.connect(Number(new URL(base).port), '127.0.0.1', () => socket.write(text));
      let answer = '';
      socket.on('data', (data) => (answer += data)).on('error', () => {});
      socket.on('close', () => resolve(answer));
    });

  test('headers too large, broken lines, clients that leave', async () => {
    const { ready, child } = start();
    const base = await ready();
    expect(await raw(base, `GET / HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`)).toMatch(/^HTTP\/1.1 431/);
    expect(await raw(base, 'HELLO\r\n\r\n')).toMatch(/^HTTP\/1.1 400/);
    expect(await raw(base, 'GET /?k=\u0000 HTTP/1.1\r\n\r\n')).toMatch(/^HTTP\/1.1 400/);
    const sample = encodeURIComponent(`${base}/samples/cat.webp`);
    for (let i = 0; i < 20; i++) {
      const socket = net.connect(Number(new URL(base).port), '127.0.0.1');
      socket.on('error', () => {}).write(`GET /?k=myKey&w=1600&u=${sample} HTTP/1.1\r\nHost: a\r\n\r\n`);
      setTimeout(() => socket.destroy(), i * 5);
    }
    expect((await request(base, `/?k=myKey&w=40&u=${sample}`)).status).toBe(200);
    expect(child.exitCode).toBeNull();
  });

  test('a client that leaves ends the fetch', async () => {
    const origin = await startOrigin({ '/slow.jpg': { framing: 'silent' } });
    const base = await start({ SOURCE_ALLOWED_NETWORKS: '127.0.0.0/8' }).ready();
    const socket = net.connect(Number(new URL(base).port), '127.0.0.1');
    socket.write(`GET /?k=myKey&w=1&u=${encodeURIComponent(`${origin.url}/slow.jpg`)} HTTP/1.1\r\nHost: a\r\n\r\n`);
    await expect.poll(() => origin.open.size).toBe(1);
    socket.destroy();
    await expect.poll(() => origin.open.size).toBe(0);
    await origin.close();
  });
});

test('it serves every sample under a permission model that allows no write to the file system', async () => {
  // Later Nodes ask for the network, too.
  const network = process.allowedNodeEnvironmentFlags.has('--allow-net') ? ['--allow-net'] : [];
  const flags = ['--permission', '--allow-fs-read=*', '--allow-addons', '--allow-child-process', ...network];
  const { ready, output } = start({ TMPDIR: '/nonexistent' }, flags);
  const base = await ready();
  for (const sample of ['banana.gif', 'cat.webp', 'landscape.jpg', 'logo.svg', 'turned.jpg'])
    for (const f of ['jpg', 'png', 'webp', 'avif', 'gif'])
      expect(
        (await request(base, `/?k=myKey&w=32&f=${f}&u=${encodeURIComponent(`${base}/samples/${sample}`)}`)).status,
      ).toBe(200);
  expect(output()).not.toContain('ERR_ACCESS_DENIED');
});

/** Starts a server that is a program of its own, on a free port, and prints its URL once it answers: `binary.ts PROGRAM [ARGUMENT…]`. */
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../ports.ts';

const [, , program = '', ...args] = process.argv;
const port = await freePort();
const withPort = (text: string) => text.replace('{port}', String(port));
const env = Object.fromEntries(Object.entries(process.env).map(([name, value]) => [name, withPort(value ?? '')]));
// It ends with this process.
const command = ['--pdeathsig', 'KILL', program, ...args.map(withPort)];
const child = spawn('setpriv', command, { env, stdio: ['ignore', 'ignore', 'inherit'] });
child.once('error', (error) => {
  console.error(error.message);
  process.exit(1);
});
child.once('exit', (code) => process.exit(code ?? 1));
const url = `http://127.0.0.1:${port}`;
const isReady = () =>
  fetch(url).then(
    () => true,
    () => false,
  );
while (!(await isReady())) await sleep(50);
console.log(url);

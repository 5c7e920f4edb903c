/** SAM and cfn-lint, as `npm run test:template` runs them: offline. PYTHON is a Python that has them beside it. */
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Template } from './template-resolve.ts';

export const { PYTHON } = process.env;
const beside = (name: string) => join(dirname(PYTHON ?? ''), name);
/** The command `sam`, where PYTHON has it beside it. */
export const SAM = PYTHON && existsSync(beside('sam')) ? beside('sam') : undefined;

const TRANSFORM = `
import json, os, sys
os.environ['AWS_DEFAULT_REGION'] = 'eu-west-1'
from samtranslator.yaml_helper import yaml_parse
from samtranslator.translator.transform import transform
class Policies:
    def load(self): return {}
template = yaml_parse(open(sys.argv[1]).read())
template['Globals']['Function']['CodeUri'] = 's3://bucket/key'
print(json.dumps(transform(template, {}, Policies())))
`;
const file = fileURLToPath(new URL('../template.yaml', import.meta.url));

/** The template as CloudFormation gets it. */
export const transform = (): Template =>
  JSON.parse(execFileSync(PYTHON ?? '', ['-c', TRANSFORM, file], { stdio: ['ignore', 'pipe', 'pipe'] }).toString());

/** What cfn-lint has to say. */
export const lint = (): string => execFileSync(beside('cfn-lint'), [file]).toString();

/** Runs `sam validate --lint` without an account; with a proxy in its way that counts what would go out. */
export async function samValidate(): Promise<{ output: string; connections: number }> {
  let connections = 0;
  const proxy = createServer((_, response) => response.writeHead(502).end()).on('connection', () => connections++);
  proxy.on('connect', (_, socket) => socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'));
  await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
  const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const home = mkdtempSync(join(tmpdir(), 'pixgate-sam-'));
  // Else it asks whether there is a newer sam.
  mkdirSync(join(home, '.aws-sam'));
  writeFileSync(join(home, '.aws-sam/metadata.json'), JSON.stringify({ lastVersionCheck: Date.now() / 1000 }));
  try {
    const { stdout } = await promisify(execFile)(SAM ?? '', ['validate', '--lint', '--template', file], {
      cwd: home,
      env: {
        PATH: process.env.PATH,
        HOME: home,
        SAM_CLI_TELEMETRY: '0',
        AWS_DEFAULT_REGION: 'eu-west-1',
        AWS_ACCESS_KEY_ID: 'none',
        AWS_SECRET_ACCESS_KEY: 'none',
        AWS_EC2_METADATA_DISABLED: 'true',
        HTTP_PROXY: address,
        HTTPS_PROXY: address,
        http_proxy: address,
        https_proxy: address,
      },
    });
    return { output: stdout, connections };
  } finally {
    proxy.closeAllConnections();
    await new Promise((done) => proxy.close(done));
    rmSync(home, { recursive: true, force: true });
  }
}

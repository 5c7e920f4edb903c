/** Runs SAM and cfn-lint offline, for `npm run test:template`. PYTHON is the Python of the environment that has them. */
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Template } from './template-resolve.ts';

export const { PYTHON } = process.env;
const siblingOf = (name: string) => join(dirname(PYTHON ?? ''), name);
/** Path of `sam`, if it is installed beside PYTHON. */
export const SAM = PYTHON && existsSync(siblingOf('sam')) ? siblingOf('sam') : undefined;

const TRANSFORM = `
import json, os, sys
os.environ['AWS_DEFAULT_REGION'] = 'eu-west-1'
from samtranslator.yaml_helper import yaml_parse
from samtranslator.translator.transform import transform
class Policies:
    def load(self): return {}
template = yaml_parse(open(sys.argv[1]).read())
for resource in template['Resources'].values():
    if resource['Type'] == 'AWS::Serverless::Function' and resource['Properties']['CodeUri'] == 'dist/':
        resource['Properties']['CodeUri'] = 's3://bucket/key'
print(json.dumps(transform(template, {}, Policies())))
`;
const file = fileURLToPath(new URL('../template.yaml', import.meta.url));

/** Transforms a template as SAM does, to what CloudFormation gets. @param path default: template.yaml */
export const transform = (path = file): Template =>
  JSON.parse(execFileSync(PYTHON ?? '', ['-c', TRANSFORM, path], { stdio: ['ignore', 'pipe', 'pipe'] }).toString());

/** Runs cfn-lint. @param path default: template.yaml @returns its findings; empty if there are none */
export function lint(regions: readonly string[] = ['us-east-1'], path = file): string {
  // Exits with 2 for errors, 4 for warnings.
  const { stdout } = spawnSync(siblingOf('cfn-lint'), ['--regions', ...regions, '--', path]);
  return stdout.toString();
}

/** Runs `sam validate --lint` without an account. A proxy refuses and counts connections to the network. */
export async function samValidate(): Promise<{ output: string; connections: number }> {
  let connections = 0;
  const proxy = createServer((_, response) => response.writeHead(502).end()).on('connection', () => connections++);
  proxy.on('connect', (_, socket) => socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'));
  await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
  const proxyUrl = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const home = mkdtempSync(join(tmpdir(), 'pixgate-sam-'));
  // Recent, or sam looks for a newer version.
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
        HTTP_PROXY: proxyUrl,
        HTTPS_PROXY: proxyUrl,
        http_proxy: proxyUrl,
        https_proxy: proxyUrl,
      },
    });
    return { output: stdout, connections };
  } finally {
    proxy.closeAllConnections();
    await new Promise((done) => proxy.close(done));
    rmSync(home, { recursive: true, force: true });
  }
}

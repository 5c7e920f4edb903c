/** npm run setup and sam deploy --guided in a pseudo-terminal, as a user runs them, against a server of AWS's APIs. */
import { type ChildProcess, execFile, execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parseOverrides, readOption } from '../../src/build/samconfig.ts';
import { readParameter } from '../../src/cli/ssm.ts';
import { parseKeys, sha256 } from '../../src/keys/registry.ts';
import { resolve } from '../template-resolve.ts';
import { PYTHON, SAM, transform } from '../template-sam.ts';
import { hasMoto, startMoto } from './moto.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const CERTIFICATE = 'arn:aws:acm:us-east-1:123456789012:certificate/0a1b';
/** What `sam deploy` would create in a new account, for its uploads: moto does not do that itself. */
const MANAGED_STACK = `
import boto3, json
template = {'Resources': {'B': {'Type': 'AWS::S3::Bucket'}}, 'Outputs': {'SourceBucket': {'Value': {'Ref': 'B'}}}}
boto3.client('cloudformation').create_stack(StackName='aws-sam-cli-managed-default', TemplateBody=json.dumps(template),
  Tags=[{'Key': 'ManagedStackSource', 'Value': 'AwsSamCli'}])
`;

describe.skipIf(!hasMoto || !PYTHON)('a first deployment', () => {
  let moto: ChildProcess;
  let folder: string;
  beforeAll(async () => {
    moto = await startMoto();
  });
  afterAll(() => moto?.kill());
  /** A working copy with a package, and a `sam` that prints its arguments. */
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pixgate-setup-'));
    for (const name of ['src', 'schemas', 'package.json', 'template.yaml', 'samconfig.toml'])
      cpSync(join(root, name), join(folder, name), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    mkdirSync(join(folder, 'dist/node_modules/@img/sharp-linux-arm64'), { recursive: true });
    writeFileSync(join(folder, 'dist/index.mjs'), '');
    mkdirSync(join(folder, 'bin'));
    writeFileSync(join(folder, 'bin/sam'), '#!/bin/sh\necho "SAM $*"\n');
    chmodSync(join(folder, 'bin/sam'), 0o755);
    return () => rmSync(folder, { recursive: true, force: true });
  });

  const env = () => ({
    ...process.env,
    PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
    AWS_DEFAULT_REGION: 'us-east-1',
  });
  const config = () => readFileSync(join(folder, 'samconfig.toml'), 'utf8');
  const parameters = () => parseOverrides(readOption(config(), 'parameter_overrides'));
  const run = (file: string, args: readonly string[], environment: NodeJS.ProcessEnv = env()) =>
    new Promise<{ output: string; code: number }>((done) =>
      execFile(file, args, { cwd: folder, env: environment }, (error, stdout, stderr) =>
        done({ output: `${stdout}${stderr}`, code: Number(error?.code ?? 0) }),
      ),
    );
  const setup = (...args: string[]) => run(process.execPath, ['src/build/setup.ts', ...args]);
  /** @param rules patterns of prompts, and what is typed */
  const inTerminal = (rules: readonly (readonly [string, string])[], command: readonly string[], environment = env()) =>
    run(PYTHON ?? '', [join(root, 'test/long/terminal.py'), JSON.stringify(rules), ...command], environment);
  const ENTER: readonly [string, string] = [': ', '\n'];

  test('Enter five times makes a key, stores it, and deploys with it', async () => {
    const stack = ['--stack-name', 'enter'];
    const { output, code } = await inTerminal([ENTER], [process.execPath, 'src/build/setup.ts', ...stack]);
    expect(code, output).toBe(0);
    expect(output.match(/\]?: \n/g)?.length, output).toBeLessThanOrEqual(5);
    expect(output).toContain('SAM deploy\n');
    expect(output).toMatch(/Total +\$7\.31/);
    const [, key = ''] = /printed this once: (pxg_[\w-]{27})\n/.exec(output) ?? [];
    expect(parseKeys((await readParameter('/enter/keys')) ?? '')).toMatchObject([
      { id: 'website', sha256: sha256(key) },
    ]);
    expect(parameters()).toEqual({ KeysParameter: '/enter/keys', Architecture: 'arm64' });
    expect([readOption(config(), 'stack_name'), readOption(config(), 'region')]).toEqual(['enter', 'us-east-1']);
    expect(config()).not.toContain(key);
    expect(() => resolve(transform(), parameters())).not.toThrow();
  });

  test('answers are checked at once, become parameters, and are the defaults of the next run', async () => {
    const rules: [string, string][] = [
      ['AWS region \\[us-east-1\\]: ', 'il-central-1\n'],
      ['Take the nearest other region[^\\n]*\\n[^\\n]*: ', 'eu-west-1\n'],
      ['Domain[^\\n]*: ', `img.example.com ${CERTIFICATE}\n`],
      ['Hosts[^\\n]*: ', 'example.com, *.example.net\n'],
      ['key[^\\n]*: ', 'acme\n'],
      ['alarms[^\\n]*: ', 'nobody\n'],
      ['An e-mail address\\n[^\\n]*: ', 'ops@example.com\n'],
    ];
    // The longer patterns first: they end in the same prompts.
    rules.sort(([one], [other]) => other.length - one.length);
    const first = await inTerminal(rules, [process.execPath, 'src/build/setup.ts', '--stack-name', 'answers']);
    expect(first.code, first.output).toBe(0);
    const expected = {
      DomainName: 'img.example.com',
      CertificateArn: CERTIFICATE,
      SourceAllowedHosts: 'example.com,*.example.net',
      AlarmEmail: 'ops@example.com',
      KeysParameter: '/answers/keys',
      Architecture: 'arm64',
    };
    expect(parameters()).toEqual(expected);
    expect(() => resolve(transform(), parameters())).not.toThrow();
    const stored = await readParameter('/answers/keys', 'eu-west-1');
    const again = await inTerminal([ENTER], [process.execPath, 'src/build/setup.ts']);
    expect(again.output).toContain('[eu-west-1]');
    expect(again.output).toContain('stay as they are');
    expect(again.output).not.toContain('printed this once');
    expect(parameters()).toEqual(expected);
    expect(await readParameter('/answers/keys', 'eu-west-1')).toBe(stored);
  });

  test('--yes asks nothing; a second machine uses the keys that are stored, and never overwrites others', async () => {
    const args = ['--yes', '--stack-name', 'script', '--hosts', 'example.com'];
    const first = await setup(...args);
    expect(first.code, first.output).toBe(0);
    const stored = await readParameter('/script/keys');
    rmSync(join(folder, '.keys.json'));
    expect((await setup(...args)).output).toContain('stay as they are');
    writeFileSync(join(folder, '.keys.json'), JSON.stringify([{ id: 'other', sha256: sha256('other') }]));
    const other = await setup(...args);
    expect([other.code, other.output]).toEqual([2, expect.stringContaining('npm run keys -- push --ssm /script/keys')]);
    expect(await readParameter('/script/keys')).toBe(stored);
  });

  test('a second stack has its own parameter and uploads, and the first one keeps its keys', async () => {
    await setup('--yes', '--stack-name', 'one', '--key-id', 'first');
    const first = await readParameter('/one/keys');
    const { code, output } = await setup('--yes', '--stack-name', 'two');
    expect(code, output).toBe(0);
    expect([readOption(config(), 'stack_name'), readOption(config(), 's3_prefix')]).toEqual(['two', 'two']);
    expect(parameters()).toEqual({ KeysParameter: '/two/keys', Architecture: 'arm64' });
    expect(parseKeys((await readParameter('/two/keys')) ?? '')).toHaveLength(1);
    expect(await readParameter('/one/keys')).toBe(first);
  });

  test('other parameters stay, but for other sources of keys; a dry run writes nothing', async () => {
    const text = `${config()}parameter_overrides = "MemorySize=\\"3008\\" ApiKeys=\\"a:b\\" KeysSecret=\\"\\""\n`;
    writeFileSync(join(folder, 'samconfig.toml'), text);
    const dry = await setup('--yes', '--dry-run', '--stack-name', 'others');
    expect([dry.code, dry.output]).toEqual([0, expect.stringContaining('Stack others in us-east-1')]);
    expect([config(), existsSync(join(folder, '.keys.json'))]).toEqual([text, false]);
    await setup('--yes', '--stack-name', 'others');
    expect(parameters()).toEqual({ MemorySize: '3008', KeysParameter: '/others/keys', Architecture: 'arm64' });
  });

  test('what is missing is named: a package, the SAM CLI, an answer that is possible', async () => {
    const wrong = await setup('--yes', '--domain', 'img.example.com');
    expect([wrong.code, wrong.output]).toEqual([2, expect.stringContaining('--domain: Such as: img.example.com arn:')]);
    rmSync(join(folder, 'bin/sam'));
    const path = { ...env(), PATH: join(folder, 'bin') };
    const missing = await run(process.execPath, ['src/build/setup.ts', '--yes', '--stack-name', 'missing'], path);
    expect([missing.code, missing.output]).toEqual([1, expect.stringContaining('The SAM CLI is not installed')]);
    rmSync(join(folder, 'dist'), { recursive: true });
    expect(await setup('--yes')).toEqual({ code: 2, output: 'There is no package in dist/ yet: npm run build\n' });
  });

  test.skipIf(!SAM)(
    'sam deploy --guided works to its end by Enter, and asks nothing about authentication',
    async () => {
      rmSync(join(folder, 'bin/sam'));
      mkdirSync(join(folder, '.aws-sam'));
      writeFileSync(join(folder, '.aws-sam/metadata.json'), JSON.stringify({ lastVersionCheck: Date.now() / 1000 }));
      const samEnv = {
        ...env(),
        HOME: folder,
        SAM_CLI_TELEMETRY: '0',
        PATH: `${dirname(SAM ?? '')}:${process.env.PATH}`,
      };
      execFileSync(PYTHON ?? '', ['-c', MANAGED_STACK], { env: samEnv });
      const { output } = await inTerminal([['\\]: ', '\n']], ['sam', 'deploy', '--guided'], samEnv);
      expect(output).toContain('Stack Name [pixgate]');
      expect(output).not.toMatch(/no authentication|Security Constraints/);
      expect(output).toContain('Saved arguments to config file');
      // One package for all functions, and the template; then moto's CloudFormation does not know the address of the bucket.
      expect(output.match(/Uploading to pixgate\/[0-9a-f]{32} /g)).toHaveLength(1);
      expect(output).toMatch(/Uploading to pixgate\/[0-9a-f]{32}\.template/);
      const { resources, outputs } = resolve(transform(), parameters());
      expect(Object.keys(resources)).toEqual(expect.arrayContaining(['Distribution', 'Streamer', 'FirstKey']));
      expect(outputs.Img).toContain('<img src="https://<Distribution.DomainName>/?k=KEY');
    },
  );
});

/** npm run release -- --dry: the files of a release, as their users check and deploy them. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unzipSync } from 'fflate';
import { beforeAll, describe, expect, test } from 'vitest';
import { resolve } from '../template-resolve.ts';
import { lint, PYTHON, transform } from '../template-sam.ts';

const cwd = fileURLToPath(new URL('../..', import.meta.url));
const release = join(cwd, 'release');
const { version } = JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8'));
const tarball = `pixgate-${version}.tgz`;
const run = (file: string, args: readonly string[], at = cwd) =>
  execFileSync(file, args, { cwd: at, encoding: 'utf8' });

let tags: string;
beforeAll(() => {
  tags = run('git', ['tag']);
  run('npm', ['run', 'release', '--', '--dry']);
});

test('every file is in the checksums; nothing is tagged', () => {
  const names = ['pixgate-arm64.zip', 'pixgate-x64.zip', 'pixgate.cdx.json', 'pixgate.template.yaml', tarball];
  expect(readdirSync(release).sort()).toEqual(['checksums.txt', ...names].sort());
  expect(run('sha256sum', ['--check', 'checksums.txt'], release).match(/: OK$/gm)).toHaveLength(names.length);
  expect(run('git', ['tag'])).toBe(tags);
});

test.each(['arm64', 'x64'])('the package for %s has its native modules only, and the function of the CDN', (arch) => {
  const files = Object.keys(unzipSync(readFileSync(join(release, `pixgate-${arch}.zip`))));
  expect(files).toEqual(expect.arrayContaining(['index.mjs', 'stream.mjs', 'cloudfront-function.js']));
  const native = files.flatMap((path) => /^node_modules\/@img\/([^/]+)\//.exec(path)?.[1] ?? []);
  expect([...new Set(native)].sort()).toEqual([`sharp-libvips-linux-${arch}`, `sharp-linux-${arch}`]);
});

test('the bill of materials names what is deployed, and no development tool', () => {
  const bom = JSON.parse(readFileSync(join(release, 'pixgate.cdx.json'), 'utf8'));
  expect(bom).toMatchObject({ bomFormat: 'CycloneDX', metadata: { component: { name: 'pixgate', version } } });
  const { packages } = JSON.parse(readFileSync(join(cwd, 'package-lock.json'), 'utf8'));
  const components = new Map(
    (bom.components as { purl: string; hashes?: object[] }[]).map((part) => [part.purl, part]),
  );
  for (const name of ['sharp', '@img/sharp-libvips-linux-arm64', '@middy/core', 'ipaddr.js']) {
    const purl = `pkg:npm/${name.replace('@', '%40')}@${packages[`node_modules/${name}`].version}`;
    expect(components.get(purl)?.hashes, purl).toHaveLength(1);
  }
  expect([...components.keys()].filter((purl) => /vitest|esbuild|biome|playwright/.test(purl))).toEqual([]);
});

test('npm publish accepts the npm package', () =>
  expect(run('npm', ['publish', '--dry-run', '--json', join(release, tarball)])).toContain(
    `"id": "pixgate@${version}"`,
  ));

describe.skipIf(!PYTHON)('the template', () => {
  const file = join(release, 'pixgate.template.yaml');

  test('takes its code from a bucket, which it asks for, and a key', () => {
    const template = transform(file);
    const S3Key = `pixgate/${version}/pixgate-arm64.zip`;
    const { CodeBucket, CodeKey, ...others } = template.Parameters;
    expect([CodeBucket?.Default, CodeKey?.Default]).toEqual([undefined, S3Key]);
    expect(Object.values(others).filter(({ Default }) => Default === undefined)).toEqual([]);
    const { resources } = resolve(template, { CodeBucket: 'code', UsagePlan: 'on' });
    const functions = Object.values(resources).filter(({ Type }) => Type === 'AWS::Lambda::Function');
    expect(functions.map(({ Properties }) => Properties.Code)).toEqual(
      ['index', 'authorizer', 'stream'].map(() => ({ S3Bucket: 'code', S3Key })),
    );
  });

  test('cfn-lint reports nothing', () => expect(lint(['us-east-1'], file)).toBe(''));
});

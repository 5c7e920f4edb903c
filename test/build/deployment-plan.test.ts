/** The choices of npm run setup: what is asked, refused, set and printed. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  fromParameters,
  monthlyCost,
  questions,
  toParameters,
  WITHOUT_FUNCTION_URLS,
} from '../../src/build/deployment-plan.ts';

const page = readFileSync(new URL('../../src/docs/operate.md', import.meta.url), 'utf8');
const template = readFileSync(new URL('../../template.yaml', import.meta.url), 'utf8');
const CERTIFICATE = 'arn:aws:acm:us-east-1:123456789012:certificate/0a1b';

test('there are at most five questions, and each default is valid', () => {
  const asked = questions({}, 'website');
  expect(asked.length).toBeLessThanOrEqual(5);
  for (const { name, fallback, check } of asked) expect(check(fallback), name).toBeUndefined();
});

test.each([
  ['region', 'Ireland'],
  ['region', ''],
  ['region', 'il-central-1'],
  ['domain', 'img.example.com'],
  ['domain', `https://img.example.com ${CERTIFICATE}`],
  ['domain', 'img.example.com arn:aws:acm:eu-west-1:123456789012:certificate/0a1b'],
  ['hosts', 'https://example.com'],
  ['hosts', 'example.com example.net'],
  ['keyId', ''],
  ['keyId', 'my key'],
  ['alarmEmail', 'nobody'],
])('%s may not be "%s"', (name, value) =>
  expect(
    questions({}, 'website')
      .find((one) => one.name === name)
      ?.check(value),
  ).toEqual(expect.any(String)),
);

test.each([
  ['domain', ''],
  ['domain', `img.example.com ${CERTIFICATE}`],
  ['domain', `img.example.com  ${CERTIFICATE} Z0123456789ABC`],
  ['hosts', 'example.com, *.example.net,b.example:8080'],
  ['alarmEmail', 'ops@example.com'],
])('%s may be "%s"', (name, value) =>
  expect(
    questions({}, 'website')
      .find((one) => one.name === name)
      ?.check(value),
  ).toBeUndefined(),
);

test('choices become parameters of the template, and parameters the defaults of the next run', () => {
  const choices = {
    region: 'eu-west-1',
    domain: `img.example.com ${CERTIFICATE} Z01`,
    hosts: 'a.example, b.example',
    alarmEmail: 'a@b.example',
  };
  const parameters = toParameters(choices);
  expect(parameters).toEqual({
    DomainName: 'img.example.com',
    CertificateArn: CERTIFICATE,
    HostedZoneId: 'Z01',
    SourceAllowedHosts: 'a.example,b.example',
    AlarmEmail: 'a@b.example',
  });
  const { region: _, ...others } = choices;
  expect(fromParameters(parameters)).toEqual({ ...others, hosts: 'a.example,b.example' });
  for (const name of Object.keys(parameters)) expect(template).toContain(`\n  ${name}:\n    Type: String`);
  expect(fromParameters(toParameters({ region: '', domain: '', hosts: '', alarmEmail: '' }))).toEqual({});
});

test('the prices are those of the documentation', () => {
  const dollars = Object.fromEntries(monthlyCost({ alarms: true }));
  const edge = ['CloudFront, 1 million requests and its function', 'CloudFront, transfer of 30 GB'].map(
    (item) => dollars[item] ?? 0,
  );
  expect(page).toContain(
    `| CloudFront, with its function | \`Cdn=on\` (default) | 200 MB | 30 s | $${edge[0]?.toFixed(2)} | $${((edge[0] as number) + (edge[1] as number)).toFixed(2)} |`,
  );
  expect(page).toContain(`have 12, so $${dollars.Alarms?.toFixed(2)} a month`);
  expect(page).toContain(`| Lambda | $${dollars['Lambda, 250,000 images']?.toFixed(2)} |`);
  expect(page).toContain(`| Lambda logs | $${dollars.Logs?.toFixed(2)} |`);
  expect(page).toContain(`cost about $${dollars.Metrics?.toFixed(2)} a month`);
  expect(Object.keys(Object.fromEntries(monthlyCost({ alarms: false })))).not.toContain('Alarms');
});

test('the regions without function URLs are those of the template', () => {
  const [, list = ''] = /!Contains\n +- \[([^\]]+)\]/.exec(template) ?? [];
  expect(list.split(', ').sort()).toEqual([...WITHOUT_FUNCTION_URLS].sort());
});

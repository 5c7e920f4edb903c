/** Reads and changes options of the SAM CLI. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { formatOverrides, parseOverrides, readOption, writeOptions } from '../../src/build/samconfig.ts';

const committed = readFileSync(new URL('../../samconfig.toml', import.meta.url), 'utf8');

test('the committed file deploys a stack of that name without a question, and holds no secret', () => {
  expect(readOption(committed, 'stack_name')).toBe('pixgate');
  for (const line of ['resolve_s3 = true', 'capabilities = "CAPABILITY_IAM"', 'confirm_changeset = false'])
    expect(committed).toContain(`\n${line}\n`);
  expect(committed).not.toMatch(/parameter_overrides|region =|ApiKeys/);
});

describe('options', () => {
  test('are added to their section, and replaced there; all other lines stay', () => {
    const once = writeOptions(committed, 'deploy', { region: 'eu-west-1', parameter_overrides: ['A=1', 'B=x y'] });
    expect(readOption(once, 'region')).toBe('eu-west-1');
    expect(readOption(once, 'parameter_overrides')).toEqual(['A=1', 'B=x y']);
    const twice = writeOptions(once, 'deploy', { region: 'eu-north-1' });
    expect(twice.match(/region = /g)).toHaveLength(1);
    const isNew = (line: string) => /^(?:region|parameter_overrides) = /.test(line);
    expect(twice.split('\n').filter((line) => !isNew(line))).toEqual(committed.split('\n'));
  });
  test('of sam deploy are preferred to those of every command', () => {
    const text = '[default.global.parameters]\nregion = "a"\n[default.deploy.parameters]\nregion = "b"\n';
    expect(readOption(text, 'region')).toBe('b');
    expect(readOption(text.replace('"b"', '"c"').replace('deploy', 'delete'), 'region')).toBe('a');
  });
  test('a missing section is appended', () =>
    expect(writeOptions('version = 0.1\n', 'global', { region: 'a' })).toMatch(
      /^version = 0\.1\n+\[default\.global\.parameters\]\nregion = "a"/,
    ));
});

describe('parameters', () => {
  test('are read as npm run setup writes them', () => {
    const parameters = {
      DomainName: 'img.example.com',
      SourceAllowedHosts: 'a.example,*.b.example',
      Presets: 'a=w=1;b=w=2',
    };
    expect(parseOverrides(formatOverrides({ ...parameters, AlarmEmail: '' }))).toEqual(parameters);
  });
  test('are read as sam deploy --guided writes them', () =>
    expect(
      parseOverrides('Cdn="on" DomainName="" Presets="a=w=1&h=2;b=w=2" ApiKeys="[{\\"id\\":\\"a\\"}]" Timeout=28'),
    ).toEqual({
      Cdn: 'on',
      DomainName: '',
      Presets: 'a=w=1&h=2;b=w=2',
      ApiKeys: '[{"id":"a"}]',
      Timeout: '28',
    }));
  test('there may be none', () => expect(parseOverrides(undefined)).toEqual({}));
});

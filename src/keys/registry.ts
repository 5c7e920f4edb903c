/** Parses the registry of API keys and validates it by `schemas/keys.json`. One message lists all errors. Pure. */
import { createHash, createHmac } from 'node:crypto';
import schema from '../../schemas/keys.json' with { type: 'json' };
import { keys as validate } from '../../schemas/validators.js';
import { parseBucketPattern } from '../fetch/s3-url.ts';
import { type HostPattern, parseHostPattern } from '../fetch/source-url.ts';
import { parseMarkPolicy } from '../marks/settings.ts';
import type { KeyEntry } from '../options.ts';
import { expectation, type PropertySchema } from '../schema.ts';

/** A key and its policy. */
export interface Key extends Pick<KeyEntry, 'id' | 'sha256' | 'disabled'> {
  /** The bytes of its signing secret. */
  readonly secret?: Buffer;
  /** What signatures of imgproxy are made with. */
  readonly imgproxy?: { readonly key: Buffer; readonly salt: Buffer };
  /** Milliseconds since 1970. */
  readonly notBefore?: number;
  readonly notAfter?: number;
  readonly policy: Omit<KeyEntry, 'id' | 'mode' | 'sha256' | 'secret' | 'salt' | 'notBefore' | 'notAfter' | 'disabled'>;
  /** The hosts in `policy.sources`; undefined when it is not set. */
  readonly hosts: readonly HostPattern[] | undefined;
  /** The S3 buckets in `policy.sources`, and folders in them: `bucket/folder/`. */
  readonly buckets: readonly string[];
  /** The names of short sources in `policy.sources`, without the colon. */
  readonly baseNames: readonly string[];
  /** The mark in `policy.mark`. */
  readonly mark?: ReturnType<typeof parseMarkPolicy>;
}

/** Prefix of signing secrets: it identifies one that was leaked. */
const SECRET_PREFIX = /^pxg_/;

/** Decodes a signing secret. @throws TypeError when it has fewer than 16 bytes */
function secretBytes(secret: string): Buffer {
  const bytes = Buffer.from(secret.replace(SECRET_PREFIX, ''), 'base64url');
  if (bytes.length < 16) throw new TypeError('secret must have at least 16 bytes, in base64url');
  return bytes;
}

/**
 * Decodes a key and a salt of imgproxy. Its secret for URLs of pixgate is another one, derived from the key: what is signed for
 * one of them means nothing to the other.
 *
 * @throws TypeError when the key is not hexadecimal, or has fewer than 16 bytes
 */
function imgproxyPair(key: string, salt: string): Pick<Key, 'secret' | 'imgproxy'> {
  if (!/^(?:[\da-f]{2}){16,}$/i.test(key))
    throw new TypeError('secret must have at least 16 bytes, in hexadecimal digits');
  const pair = { key: Buffer.from(key, 'hex'), salt: Buffer.from(salt, 'hex') };
  return { imgproxy: pair, secret: createHmac('sha256', pair.key).update('pixgate imgproxy key').digest() };
}

/** Returns the SHA-256 hash of a key in hexadecimal digits. */
export const sha256 = (key: string): string => createHash('sha256').update(key).digest('hex');

/** Entity-tag secrets by registry: a registry stays the same list until it changes. */
const etagSecrets = new WeakMap<readonly Key[], Buffer>();

/**
 * Returns the secret that entity tags are authenticated with, the same on all instances. It is derived from the first signing
 * key that is not disabled, else from the first key: keys are added and rotated at the end, so that the tags in caches stay
 * valid. Whoever knows that key can make a tag, and a key in a page is public: only a signing key keeps it a secret.
 *
 * @param keys from `parseKeys`; without any, the secret is empty
 */
export function etagSecret(keys: readonly Key[]): Buffer {
  const known = etagSecrets.get(keys);
  if (known) return known;
  const enabled = keys.filter(({ disabled }) => !disabled);
  const key = enabled.find(({ secret }) => secret) ?? enabled[0];
  const material = key?.secret ?? Buffer.from(key?.sha256 ?? '', 'hex');
  const secret = key ? createHmac('sha256', material).update('pixgate entity tags').digest() : material;
  etagSecrets.set(keys, secret);
  return secret;
}

/** Returns the value of a key in API Gateway's usage plan: its hash, or the hash of the id of a signing key. */
export const usagePlanKey = ({ id, sha256: hash = sha256(id) }: Pick<Key, 'id' | 'sha256'>): string => hash;

/** Parses `id:key` pairs separated by commas. */
function fromPairs(text: string): unknown[] {
  return text.split(',').map((pair, i) => {
    const [, id, key] = /^([A-Za-z0-9_.-]{1,64}):([^\s:,]+)$/.exec(pair.trim()) ?? [];
    if (id === undefined || key === undefined)
      throw new TypeError(`entry ${i + 1} is not an id:key pair such as demo:myKey`);
    return { id, sha256: sha256(key) };
  });
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Without the message of the parser: it quotes a part of the text.
    throw new TypeError('it is not valid JSON');
  }
}

/** Parses an object with a key for each id: how Secrets Manager stores pairs, and what it generates. */
function fromObject(object: object): unknown[] {
  return Object.entries(object).map(([id, key], i) => {
    if (typeof key !== 'string' || !/^[^\s:,]+$/.test(key)) throw new TypeError(`entry ${i + 1} has no key`);
    return { id, sha256: sha256(key) };
  });
}

/** Parses each form of a registry to a list of entries, which is not validated yet. */
function parseEntries(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return fromPairs(text);
  const parsed = fromJson(text);
  return Array.isArray(parsed) ? parsed : fromObject(parsed as object);
}

const properties: Readonly<Record<string, PropertySchema>> = schema.items.properties;

/** Returns the errors of the schema, each with its entry. */
function schemaErrors(list: unknown): string[] {
  if (validate(list)) return [];
  return (validate.errors ?? []).map(({ instancePath, keyword, params }) => {
    const [, index, name = '', item] = instancePath.split('/');
    if (index === undefined) return 'it must be a list of at least one entry';
    const id = (list as { id?: unknown }[])[Number(index)]?.id;
    const entry = `entry ${Number(index) + 1}${typeof id === 'string' ? ` (${id.slice(0, 64)})` : ''}`;
    if (keyword === 'required' && !name) return `${entry}: ${params.missingProperty} is required`;
    if (keyword === 'additionalProperties') return `${entry}: ${params.additionalProperty} is not a setting of a key`;
    const property = properties[name];
    if (!property) return `${entry} must be an object`;
    const items = (property as { items?: PropertySchema }).items;
    if (params.missingProperty) return `${entry}: ${name} needs ${params.missingProperty}`;
    if (items) return `${entry}: each of ${name} must be ${expectation(items)}${item ? '' : ', at least one'}`;
    return `${entry}: ${name} must be ${expectation(property)}`;
  });
}

/** The name of a base in `sources`: `shop:`. */
const SHORT_SOURCE = /^[a-z][a-z0-9-]+:$/;

/** Parses `mark`. @throws TypeError */
function policyMark(mark: NonNullable<KeyEntry['mark']>) {
  try {
    return parseMarkPolicy(mark);
  } catch (error) {
    throw new TypeError(`mark: ${(error as Error).message}`);
  }
}

/** Converts a valid entry. @throws TypeError for what the schema cannot express: mode, times, hosts, marks, the secret's length */
function toKey(entry: KeyEntry): Key {
  const { id, mode, sha256: hash, secret, salt, notBefore, notAfter, disabled, ...policy } = entry;
  if ((mode === 'imgproxy') !== (salt !== undefined))
    throw new TypeError('mode imgproxy needs secret and salt, no other has a salt');
  if (mode === 'imgproxy' && (secret === undefined || hash !== undefined))
    throw new TypeError('mode imgproxy needs secret and salt, and no sha256');
  if (mode === 'signed' && (secret === undefined || hash !== undefined))
    throw new TypeError('mode signed needs secret, and no sha256');
  if (mode === 'plain' && (hash === undefined || secret !== undefined))
    throw new TypeError('mode plain needs sha256, and no secret');
  const times = { notBefore, notAfter };
  for (const [name, time] of Object.entries(times))
    if (time !== undefined && Number.isNaN(Date.parse(time)))
      throw new TypeError(`${name} is not a time such as 2026-12-31T23:59:59Z`);
  const sources = policy.sources ?? [];
  const buckets = sources.filter((source) => source.startsWith('s3://'));
  const names = sources.filter((source) => SHORT_SOURCE.test(source));
  const hosts = sources.filter((source) => !buckets.includes(source) && !names.includes(source));
  return Object.freeze({
    id,
    ...(hash !== undefined && { sha256: hash }),
    ...(secret !== undefined && (salt === undefined ? { secret: secretBytes(secret) } : imgproxyPair(secret, salt))),
    ...(notBefore !== undefined && { notBefore: Date.parse(notBefore) }),
    ...(notAfter !== undefined && { notAfter: Date.parse(notAfter) }),
    disabled,
    policy,
    hosts: policy.sources && hosts.map(parseHostPattern),
    buckets: buckets.map((source) => parseBucketPattern(source.slice(5))),
    baseNames: names.map((name) => name.slice(0, -1)),
    ...(policy.mark && { mark: policyMark(policy.mark) }),
  });
}

/**
 * Parses the registry of keys.
 *
 * @param text a JSON list of entries, a JSON object with a key for each id, or `id:key` pairs separated by commas
 * @throws TypeError that names each invalid entry, and repeats neither key nor secret
 */
export function parseKeys(text: string): readonly Key[] {
  const list = parseEntries(text);
  const errors = schemaErrors(list);
  if (errors.length) throw new TypeError([...new Set(errors)].join('; '));
  return (list as KeyEntry[]).map((entry, i) => {
    try {
      return toKey(entry);
    } catch (error) {
      throw new TypeError(`entry ${i + 1} (${entry.id}): ${(error as Error).message}`);
    }
  });
}

/**
 * Checks that the marks of keys exist: no image of such a key could be served.
 *
 * @param names of the marks of the deployment
 * @throws TypeError that names the first key without its mark
 */
export function assertMarks(keys: readonly Key[], names: readonly string[]): void {
  const key = keys.find(({ mark }) => mark && !names.includes(mark.name));
  if (key) throw new TypeError(`the key ${key.id} needs the mark ${key.mark?.name}, which MARKS does not have`);
}

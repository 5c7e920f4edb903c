/**
 * The CloudFront Function that stands before the cache: one spelling for each request, so that equal pictures are one
 * entry. Made from the schema; plain old JavaScript, since that runtime (2.0) is its own: no modules, 10 kB at most.
 */
import querySchema from '../../schemas/query.json' with { type: 'json' };
import { EVERY_ANSWER } from '../http/headers.ts';
import { type PropertySchema, spellings } from '../schema.ts';

type Property = PropertySchema & { readonly default?: unknown };
const properties = Object.entries(querySchema.properties) as [string, Property][];

const has = ({ type }: Property, name: string) => [type].flat().includes(name);
const names = (test: (property: Property) => boolean) =>
  Object.fromEntries(properties.flatMap(([name, property]) => (test(property) ? [[name, 1]] : [])));
const each = (value: (property: Property) => unknown) =>
  Object.fromEntries(
    properties.flatMap(([name, property]) => (value(property) === undefined ? [] : [[name, value(property)]])),
  );

/** Booleans that are off and values that mean nothing else than their absence are left out. */
const defaultOf = (property: Property) =>
  has(property, 'boolean') || property.default === undefined ? undefined : String(property.default);

const table = () => ({
  names: Object.fromEntries(spellings(querySchema)),
  booleans: names((property) => has(property, 'boolean')),
  numbers: names((property) => has(property, 'integer') || has(property, 'number')),
  bare: each(({ bare }) => (bare === undefined ? undefined : String(bare))),
  values: each(({ values }) => values),
  defaults: each(defaultOf),
});

const headers = Object.fromEntries(
  Object.entries(EVERY_ANSWER).map(([name, value]) => [name.toLowerCase(), { value }]),
);

/** `${AvifAuto}` and `${EdgeKeys}` are put in by CloudFormation. */
export const edgeFunction = () => `import cf from 'cloudfront';
var crypto = require('crypto');
var AVIF = '\${AvifAuto}' === 'on', EDGE_KEYS = '\${EdgeKeys}' === 'on', PUBLIC = '\${Public}' === 'on';
var Q = ${JSON.stringify(table())};
var HEADERS = ${JSON.stringify(headers)};
function own(object, name) { return Object.prototype.hasOwnProperty.call(object, name) ? object[name] : undefined; }
function refuse(status, title, code, parameter, detail) {
  var document = { type: 'about:blank', title: title, status: status, code: code, detail: detail + '.' };
  if (parameter) document.errors = [{ parameter: parameter, detail: detail }];
  var all = { 'content-type': { value: 'application/problem+json' }, 'cache-control': { value: status === 400 ? 'public, max-age=60' : 'no-store' } };
  for (var name in HEADERS) all[name] = HEADERS[name];
  if (status === 401) all['www-authenticate'] = { value: 'Bearer realm="pixgate"' };
  return { statusCode: status, statusDescription: title, headers: all, body: { encoding: 'text', data: JSON.stringify(document) } };
}
function bad(parameter, detail) { return refuse(400, 'Bad Request', 'QUERY_INVALID', parameter, detail); }
function denied(detail) { return refuse(401, 'Unauthorized', 'UNAUTHORIZED', '', detail); }
function normal(name, text) {
  if (own(Q.booleans, name)) return text === '' || text === 'true' ? '1' : text === 'false' ? '0' : text;
  if (text === '' && own(Q.bare, name)) return Q.bare[name];
  if (own(Q.numbers, name) && /^-?[0-9]{1,15}([.][0-9]{1,15})?$/.test(text)) return String(Number(text)).indexOf('e') < 0 ? String(Number(text)) : text;
  return (own(Q.values, name) && own(Q.values[name], text)) || text;
}
function isDefault(name, text, all) {
  if (all.p !== undefined) return false;
  if (own(Q.booleans, name)) return text === '0';
  if (name === 'fit') return text === 'inside' && all.ar === undefined;
  return own(Q.defaults, name) === text;
}
function accepts(accept, type) {
  return accept.split(',').some(function (range) {
    var parts = range.split(';').map(function (part) { return part.trim().toLowerCase(); });
    var q = parts.filter(function (part) { return part.indexOf('q=') === 0; })[0];
    return parts[0] === type && (!q || Number(q.slice(2)) > 0);
  });
}
function formats(all, accept) {
  if (all.f !== undefined && all.f !== 'auto' && !(all.explain && all.explain !== '0') && all.p === undefined) return 'none';
  var found = [];
  if (AVIF && accepts(accept, 'image/avif')) found.push('image/avif');
  if (accepts(accept, 'image/webp')) found.push('image/webp');
  return found.join(',') || 'none';
}
async function checkKey(request, all) {
  var header = request.headers['x-api-key'], bearer = /^bearer +([^ ]+) *$/i.exec((request.headers.authorization || { value: '' }).value);
  var keys = [all.k === undefined ? undefined : decodeURIComponent(all.k.replace(/[+]/g, ' ')), header && header.value, bearer && bearer[1]].filter(function (key) { return key; });
  delete request.headers['x-api-key'];
  delete request.headers.authorization;
  if (!keys.length) return PUBLIC ? undefined : denied('An API key is required: add k=KEY to the query');
  if (keys.some(function (key) { return key !== keys[0]; })) return denied('Two different API keys were given: send one');
  all.k = encodeURIComponent(keys[0]);
  if (!EDGE_KEYS || all.s !== undefined) return undefined;
  try {
    await cf.kvs().get(crypto.createHash('sha256').update(keys[0]).digest('hex'));
  } catch (error) {
    return denied('This API key is not known');
  }
  delete all.k;
  request.headers['x-api-key'] = { value: keys[0] };
  return undefined;
}
async function handler(event) {
  var request = event.request, query = request.querystring, all = {}, sorted = {};
  if ((request.method !== 'GET' && request.method !== 'HEAD') || !Object.keys(query).length) return request;
  for (var key in query) {
    var name = own(Q.names, key), shown = key.slice(0, 40).replace(/[^\\w.;[\\]-]/g, '?');
    if (!name) return bad(shown, shown + ' is not a parameter (an & inside a value is written %26)');
    if (all[name] !== undefined || (query[key].multiValue && query[key].multiValue.length > 1)) return bad(name, name + ' is given more than once');
    all[name] = query[key].value;
  }
  var signed = all.s !== undefined;
  if (!signed) for (name in all) all[name] = normal(name, all[name]);
  var refused;
  try { refused = await checkKey(request, all); } catch (error) { refused = bad('k', 'k is not percent-encoded UTF-8 (write a % as %25)'); }
  if (refused) return refused;
  request.headers.accept = { value: formats(all, (request.headers.accept || { value: '' }).value) };
  // What is signed is signed as it stands.
  if (signed) Object.keys(query).sort().forEach(function (each) { sorted[each] = query[each]; });
  else Object.keys(all).sort().forEach(function (each) { if (!isDefault(each, all[each], all)) sorted[each] = { value: all[each] }; });
  request.querystring = sorted;
  return request;
}
`;

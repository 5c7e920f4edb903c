/**
 * The CloudFront Function in front of the cache: normalizes each request, so that equal images share one cache entry, and
 * refuses requests without a key. CloudFront's JavaScript runtime 2.0 has neither modules nor most of ES2015, and takes 10 kB at most.
 * `npm run generate` puts the table of `schemas/query.json` and the common headers in the place of 'TABLE' and 'HEADERS', and
 * CloudFormation the parameters in `${…}`.
 */
import cf from 'cloudfront';

var crypto = require('crypto');
var AVIF = '${AvifAuto}' === 'on',
  EDGE_KEYS = '${EdgeKeys}' === 'on',
  PUBLIC = '${Public}' === 'on';
var Q = 'TABLE';
var HEADERS = 'HEADERS';
function own(object, name) {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
function refuse(status, title, code, parameter, detail) {
  var document = { type: 'about:blank', title: title, status: status, code: code, detail: detail + '.' };
  if (parameter) document.errors = [{ parameter: parameter, detail: detail }];
  var all = {
    'content-type': { value: 'application/problem+json' },
    'cache-control': { value: status === 400 ? 'public, max-age=60' : 'no-store' },
  };
  for (var name in HEADERS) all[name] = HEADERS[name];
  if (status === 401) all['www-authenticate'] = { value: 'Bearer realm="pixgate"' };
  return {
    statusCode: status,
    statusDescription: title,
    headers: all,
    body: { encoding: 'text', data: JSON.stringify(document) },
  };
}
function bad(parameter, detail) {
  return refuse(400, 'Bad Request', 'QUERY_INVALID', parameter, detail);
}
function denied(detail) {
  return refuse(401, 'Unauthorized', 'UNAUTHORIZED', '', detail);
}
function normal(name, text) {
  if (own(Q.booleans, name)) return text === '' || text === 'true' ? '1' : text === 'false' ? '0' : text;
  if (text === '' && own(Q.emptyValues, name)) return Q.emptyValues[name];
  if (own(Q.numbers, name) && /^-?[0-9]{1,15}([.][0-9]{1,15})?$/.test(text))
    return String(Number(text)).indexOf('e') < 0 ? String(Number(text)) : text;
  return (own(Q.enumAliases, name) && own(Q.enumAliases[name], text)) || text;
}
function isDefault(name, text, all) {
  if (all.p !== undefined) return false;
  if (own(Q.booleans, name)) return text === '0';
  if (name === 'fit') return text === 'inside' && all.ar === undefined;
  return own(Q.defaults, name) === text;
}
function accepts(accept, type) {
  return accept.split(',').some(function (range) {
    var parts = range.split(';').map(function (part) {
      return part.trim().toLowerCase();
    });
    var q = parts.filter(function (part) {
      return part.indexOf('q=') === 0;
    })[0];
    return parts[0] === type && (!q || Number(q.slice(2)) > 0);
  });
}
function formats(all, accept) {
  if (all.f !== undefined && all.f !== 'auto' && !(all.explain && all.explain !== '0') && all.p === undefined)
    return 'none';
  var found = [];
  if (AVIF && accepts(accept, 'image/avif')) found.push('image/avif');
  if (accepts(accept, 'image/webp')) found.push('image/webp');
  return found.join(',') || 'none';
}
async function checkKey(request, all) {
  var header = request.headers['x-api-key'],
    bearer = /^bearer +([^ ]+) *$/i.exec((request.headers.authorization || { value: '' }).value);
  var keys = [
    all.k === undefined ? undefined : decodeURIComponent(all.k.replace(/[+]/g, ' ')),
    header && header.value,
    bearer && bearer[1],
  ].filter(function (key) {
    return key;
  });
  delete request.headers['x-api-key'];
  delete request.headers.authorization;
  if (!keys.length) return PUBLIC ? undefined : denied('An API key is required: add k=KEY to the query');
  if (
    keys.some(function (key) {
      return key !== keys[0];
    })
  )
    return denied('Two different API keys were given: send one');
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
  var request = event.request,
    query = request.querystring,
    all = {},
    sorted = {};
  if ((request.method !== 'GET' && request.method !== 'HEAD') || !Object.keys(query).length) return request;
  var key, name, shown, signed, refused;
  for (key in query) {
    name = own(Q.names, key);
    shown = key.slice(0, 40).replace(/[^\w.;[\]-]/g, '?');
    if (!name) return bad(shown, shown + ' is not a parameter (an & inside a value is written %26)');
    if (all[name] !== undefined || (query[key].multiValue && query[key].multiValue.length > 1))
      return bad(name, name + ' is given more than once');
    all[name] = query[key].value;
  }
  signed = all.s !== undefined;
  if (!signed) for (name in all) all[name] = normal(name, all[name]);
  try {
    refused = await checkKey(request, all);
  } catch (error) {
    refused = bad('k', 'k is not percent-encoded UTF-8 (write a % as %25)');
  }
  if (refused) return refused;
  request.headers.accept = { value: formats(all, (request.headers.accept || { value: '' }).value) };
  // What is signed is signed as it stands.
  if (signed)
    Object.keys(query)
      .sort()
      .forEach(function (each) {
        sorted[each] = query[each];
      });
  else
    Object.keys(all)
      .sort()
      .forEach(function (each) {
        if (!isDefault(each, all[each], all)) sorted[each] = { value: all[each] };
      });
  request.querystring = sorted;
  return request;
}

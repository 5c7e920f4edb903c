/**
 * The CloudFront Function in front of the cache: normalizes path, query and `Accept`, so that equal images share one cache
 * entry, and rejects invalid queries and requests without an API key. CloudFront's JavaScript runtime 2.0 has neither modules
 * nor most of ES2015; a function has at most 10 kB. `npm run generate` replaces 'TABLE' by a table of `schemas/query.json` and
 * 'HEADERS' by the common headers; CloudFormation replaces the parameters in `${…}`.
 */
import cf from 'cloudfront';

var crypto = require('crypto');
var AVIF = '${AvifAuto}' === 'on',
  EDGE_KEYS = '${EdgeKeys}' === 'on',
  PUBLIC = '${Public}' === 'on',
  COMPAT = '${Compat}',
  IGNORED = '${QueryIgnored}'.split(',');
var TABLE = 'TABLE';
var HEADERS = 'HEADERS';
function own(object, name) {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
// The table has the name of an alias, and the type of a name: 1 for a string, 2 for a number, 3 for a boolean.
function nameOf(key) {
  var name = own(TABLE.names, key);
  return name > 0 ? key : name;
}
function headerOf(headers, name) {
  return (headers[name] || { value: '' }).value;
}
function problem(id, status, title, code, parameter, detail) {
  var document = {
    type: '/docs/errors#' + code.toLowerCase(),
    title: title,
    status: status,
    code: code,
    detail: detail + '.',
    instance: encodeURIComponent(id),
  };
  if (parameter !== undefined) document.errors = [{ parameter: parameter, detail: detail }];
  var headers = {
    'content-type': { value: 'application/problem+json' },
    'cache-control': { value: status === 400 ? 'public, max-age=60' : 'no-store' },
  };
  for (var name in HEADERS) headers[name] = { value: HEADERS[name] };
  if (status === 401) headers['www-authenticate'] = { value: 'Bearer realm="pixgate"' };
  return {
    statusCode: status,
    statusDescription: title,
    headers: headers,
    body: { encoding: 'text', data: JSON.stringify(document) },
  };
}
function badRequest(id, parameter, detail) {
  return problem(id, 400, 'Bad Request', 'QUERY_INVALID', parameter, detail);
}
function forbidden(id, code, detail) {
  return problem(id, 403, 'Forbidden', code, undefined, detail);
}
function unauthorized(id, detail) {
  return problem(id, 401, 'Unauthorized', 'UNAUTHORIZED', undefined, detail);
}
function isIgnored(name) {
  return IGNORED.some(function (pattern) {
    var start = pattern.replace('*', '');
    return start === pattern ? name === start : name.indexOf(start) === 0;
  });
}
// The same as in src/schema.ts.
function isNear(a, b, edits) {
  var same = 0;
  while (same < a.length && a[same] === b[same]) same++;
  var x = a.slice(same),
    y = b.slice(same);
  if (!x || !y) return x.length + y.length <= edits;
  if (edits === 0 || Math.abs(x.length - y.length) > edits) return false;
  return (
    isNear(x.slice(1), y.slice(1), edits - 1) ||
    isNear(x.slice(1), y, edits - 1) ||
    isNear(x, y.slice(1), edits - 1) ||
    (x[0] === y[1] && x[1] === y[0] && isNear(x.slice(2), y.slice(2), edits - 1))
  );
}
function unknown(id, name) {
  var lower = name.toLowerCase(),
    hint = ' (an & inside a value is written %26)',
    edits = Math.min(2, Math.floor(name.length / 3));
  for (; edits >= 0; edits--)
    for (var other in TABLE.names)
      if (isNear(lower, other, edits)) {
        hint = ': the nearest name is ' + other;
        break;
      }
  return badRequest(id, name, (name || 'An empty name') + ' is not a parameter' + hint);
}
function decode(text) {
  try {
    return decodeURIComponent(text.replace(/[+]/g, ' '));
  } catch (error) {
    return undefined;
  }
}
function normalize(name, text) {
  if (TABLE.names[name] === 3) return text === '' || text === 'true' ? '1' : text === 'false' ? '0' : text;
  if (text === '' && own(TABLE.emptyValues, name)) return TABLE.emptyValues[name];
  if (TABLE.names[name] === 2 && /^-?[0-9]{1,15}([.][0-9]{1,15})?$/.test(text))
    return String(Number(text)).indexOf('e') < 0 ? String(Number(text)) : text;
  return (own(TABLE.enumAliases, name) && own(TABLE.enumAliases[name], text)) || text;
}
function isDefault(name, text, parameters) {
  if (parameters.p !== undefined) return false;
  if (TABLE.names[name] === 3) return text === '0';
  if (name === 'fit') return text === 'inside' && parameters.ar === undefined;
  return own(TABLE.defaults, name) === text;
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
function acceptToken(parameters, accept) {
  if (
    parameters.f !== undefined &&
    parameters.f !== 'auto' &&
    !(parameters.explain && parameters.explain !== '0') &&
    parameters.p === undefined
  )
    return 'none';
  var types = [];
  if (AVIF && accepts(accept, 'image/avif')) types.push('image/avif');
  if (accepts(accept, 'image/webp')) types.push('image/webp');
  return types.join(',') || 'none';
}
async function checkKey(id, request, parameters) {
  var header = request.headers['x-api-key'],
    bearer = /^bearer +([^ ]+) *$/i.exec(headerOf(request.headers, 'authorization'));
  var keys = [parameters.k, header && header.value, bearer && bearer[1]].filter(function (key) {
    return key;
  });
  delete request.headers['x-api-key'];
  delete request.headers.authorization;
  if (!keys.length) return PUBLIC ? undefined : unauthorized(id, 'An API key is required: add k=KEY to the query');
  if (
    keys.some(function (key) {
      return key !== keys[0];
    })
  )
    return unauthorized(id, 'Two different API keys were given: send one');
  parameters.k = keys[0];
  if (!EDGE_KEYS) return undefined;
  var signed = parameters.s !== undefined,
    entry = 0,
    now = Date.now() / 1000;
  try {
    entry = JSON.parse(
      await cf.kvs().get(signed ? 'signed-' + keys[0] : crypto.createHash('sha256').update(keys[0]).digest('hex')),
    );
  } catch (error) {}
  if (!entry)
    return signed
      ? problem(
          id,
          401,
          'Unauthorized',
          'SIGNATURE_INVALID',
          undefined,
          'The signature does not match this URL, or its key is not known',
        )
      : unauthorized(id, 'This API key is not known');
  if (entry.from > now) return unauthorized(id, 'This API key is not valid yet');
  if (entry.until <= now) return unauthorized(id, 'This API key has expired');
  if (entry.pages && !isPage(entry.pages, request.headers))
    return forbidden(
      id,
      'POLICY_FORBIDDEN',
      'The key ' + entry.id + ' does not allow this: its images may not be embedded on this site',
    );
  // The origin checks any other policy, at a miss: the key stays in the cache key, so that a hit was allowed to it.
  if (entry.own || signed) return undefined;
  delete parameters.k;
  request.headers['x-api-key'] = { value: keys[0] };
  return undefined;
}
function isPage(pages, headers) {
  var origin = headers.origin && headers.origin.value !== 'null' && headers.origin;
  var site = /^(https?:\/\/)(?:[^/?#@]*@)?([^/?#:]+(?::[0-9]+)?)/.exec(
    ((origin || headers.referer || {}).value || '').toLowerCase(),
  );
  if (!site) return true;
  var name = site[1] + site[2].replace(site[1] === 'https://' ? /:443$/ : /:80$/, '');
  return pages.some(function (page) {
    var star = page.indexOf('*.');
    return star < 0 ? page === name : name.startsWith(page.slice(0, star)) && name.endsWith(page.slice(star + 1));
  });
}
async function handler(event) {
  var request = event.request,
    id = event.context.requestId,
    query = request.querystring,
    parameters = {},
    invalid = {},
    sorted = {};
  var headers = request.headers,
    host = headers.host;
  // CDN-Loop can be read here, but it is not certain that an origin request policy may name it.
  if (/(^|,)\s*pixgate\s*([\s;,]|$)/.test(headerOf(headers, 'cdn-loop')))
    return forbidden(id, 'SOURCE_FORBIDDEN', 'This request was sent by pixgate itself: the URL in u leads back here');
  // The host that the viewer has signed. Only this distribution can call the function, so that it may trust the header.
  delete headers['x-pixgate-host'];
  if (host) headers['x-pixgate-host'] = { value: host.value };
  // A URL of another resizer: the same rule as in src/compat/middleware.ts.
  if (COMPAT && !query.u && (request.uri !== '/' || (query.url && COMPAT.indexOf('wsrv') >= 0))) {
    headers.accept = { value: acceptToken({}, headerOf(headers, 'accept')) };
    delete headers['save-data'];
    return request;
  }
  // A path means nothing, so it must not make a new cache entry; but a signature covers it.
  if (!query.s) request.uri = '/';
  if ((request.method !== 'GET' && request.method !== 'HEAD') || !Object.keys(query).length) return request;
  var key, name, safeName, signed, rejection;
  // One spelling of each value. One that is not percent-encoded UTF-8 stays as it is: the origin rejects it.
  function add(name, parameter) {
    sorted[name] = {
      value: invalid[parameter] ? parameters[parameter] : encodeURIComponent(parameters[parameter]),
    };
  }
  for (key in query) {
    name = nameOf(key);
    safeName = key.slice(0, 40).replace(/[^\w.;[\]-]/g, '?');
    if (!name) {
      if (isIgnored(key)) continue;
      return unknown(id, safeName);
    }
    if (parameters[name] !== undefined || (query[key].multiValue && query[key].multiValue.length > 1))
      return badRequest(id, name, name + ' is given more than once');
    parameters[name] = decode(query[key].value);
    if (parameters[name] === undefined) {
      invalid[name] = 1;
      parameters[name] = query[key].value;
    }
  }
  signed = parameters.s !== undefined;
  if (signed) parameters.s = parameters.s.replace(/=$/, '');
  else for (name in parameters) parameters[name] = normalize(name, parameters[name]);
  rejection = invalid.k
    ? badRequest(id, 'k', 'k is not percent-encoded UTF-8 (write a % as %25)')
    : await checkKey(id, request, parameters);
  if (rejection) return rejection;
  request.headers.accept = { value: acceptToken(parameters, headerOf(headers, 'accept')) };
  // In the cache key too, if the deployment heeds it: only where the image depends on it, in one spelling.
  if (
    parameters.q === undefined &&
    /^(auto|origin|jpg|webp|avif)?$/.test(parameters.f || '') &&
    /^\s*on\s*(;|$)/i.test(headerOf(headers, 'save-data'))
  )
    headers['save-data'] = { value: 'on' };
  else delete headers['save-data'];
  // A signature covers names and values as sent: they are only sorted and encoded.
  if (signed)
    Object.keys(query)
      .sort()
      .forEach(function (name) {
        if (nameOf(name)) add(name, nameOf(name));
      });
  else
    Object.keys(parameters)
      .sort()
      .forEach(function (name) {
        if (!isDefault(name, parameters[name], parameters)) add(name, name);
      });
  request.querystring = sorted;
  return request;
}

import { describe, expect, test } from 'vitest';
import { toGatewayResponse } from '../../src/http/response.ts';
import { events } from '../requests.ts';

describe('toGatewayResponse', () => {
  const image = { statusCode: 200, headers: { 'Content-Type': 'image/png' }, body: Buffer.from([1, 2, 3]) };
  test('a Buffer becomes base64', () => {
    expect(toGatewayResponse(events.rest({}), image)).toEqual({
      statusCode: 200,
      headers: { 'Content-Type': 'image/png', 'Content-Length': '3' },
      body: 'AQID',
      isBase64Encoded: true,
    });
  });
  test('a string stays as it is, its length in bytes', () => {
    const result = toGatewayResponse(events.functionUrl({}), { statusCode: 400, headers: {}, body: 'é' });
    expect(result).toEqual({ statusCode: 400, headers: { 'Content-Length': '2' }, body: 'é', isBase64Encoded: false });
  });
  test('HEAD has the headers of GET and no body', () => {
    expect(toGatewayResponse(events.alb({}, {}, 'HEAD'), image)).toMatchObject({
      headers: { 'Content-Length': '3' },
      body: '',
      isBase64Encoded: false,
    });
  });
  test('an ALB in multi-value mode gets multi-value headers only', () => {
    const result = toGatewayResponse(events.albMulti({}, { accept: '*/*' }), image);
    expect(result.headers).toBeUndefined();
    expect(result.multiValueHeaders).toEqual({ 'Content-Type': ['image/png'], 'Content-Length': ['3'] });
  });
  test('204 has no Content-Length', () => {
    expect(toGatewayResponse(events.rest({}), { statusCode: 204, headers: {}, body: '' }).headers).toEqual({});
  });
});

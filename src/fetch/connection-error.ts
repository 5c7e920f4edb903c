/** Explains why no response came from a host, by the code of Node's error. Pure. */

/** Ends of a sentence, by the codes of system calls, of OpenSSL's verification and of Node's TLS. */
const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'it refused the connection',
  ETIMEDOUT: 'it did not accept the connection in time',
  ECONNRESET: 'it closed the connection without a response',
  EPIPE: 'it closed the connection without a response',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  CERT_REVOKED: 'its certificate has been revoked',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is of an authority that is not trusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the server does not send its intermediate certificate',
  UNABLE_TO_GET_ISSUER_CERT: 'the server does not send all of its intermediate certificates',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'the server does not send all of its intermediate certificates, or its authority is not trusted',
};

/** The numbers of OpenSSL's errors for a first record of another protocol than TLS; Node gives them in the message of EPROTO only. */
const NOT_TLS = /error:0A000(?:10B|0C6|09C):/;

/** Other codes of certificates and of TLS. */
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/CERT|^CRL_|^INVALID_CA$|^HOSTNAME_MISMATCH$|^PATH_LENGTH_EXCEEDED$/, 'its certificate is not valid'],
  [/^EPROTO$|^ERR_(?:SSL|TLS)_/, 'the TLS handshake failed'],
];

/**
 * Returns why a host could not be reached: the end of a sentence, or undefined for an error that says nothing of the host. Only
 * for a host with public IP addresses: of any other, it would tell which ports are open inside our network.
 *
 * @param error of a socket; one per IP address if several were tried
 */
export function connectionErrorReason(error: unknown): string | undefined {
  const { code, message, errors } = (error ?? {}) as { code?: unknown; message?: unknown; errors?: unknown };
  for (const each of Array.isArray(errors) ? errors : []) {
    const reason = connectionErrorReason(each);
    if (reason !== undefined) return reason;
  }
  if (typeof code !== 'string') return undefined;
  if (code === 'EPROTO' && NOT_TLS.test(`${message}`)) return 'it does not use TLS at this port: try http://';
  return Object.hasOwn(REASONS, code) ? REASONS[code] : KINDS.find(([pattern]) => pattern.test(code))?.[1];
}

// The mock's signing keys and JWTs, created with node:crypto only.
import { createHmac, generateKeyPairSync, sign, verify } from 'node:crypto';

export class Keys {
  constructor() {
    this.RS256 = pair('rsa', 'rs-1');
    this.ES256 = pair('ec', 'es-1');
    this.stranger = pair('rsa', 'rs-1'); // same key id, different key
  }

  jwks() {
    return { keys: [this.RS256, this.ES256].map(({ publicKey, kid, alg }) => ({ ...publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' })) };
  }
}

function pair(kind, kid) {
  const options = kind === 'rsa' ? ['rsa', { modulusLength: 2048 }] : ['ec', { namedCurve: 'P-256' }];
  return { ...generateKeyPairSync(...options), kid, alg: kind === 'rsa' ? 'RS256' : 'ES256' };
}

const encode = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

export function jwt(header, claims, signer) {
  const input = `${encode({ typ: 'JWT', ...header })}.${encode(claims)}`;
  return `${input}.${signer(Buffer.from(input))}`;
}

export const rs256 = (key) => (input) => sign('sha256', input, key).toString('base64url');
export const es256 = (key) => (input) => sign('sha256', input, { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
export const hs256 = (secret) => (input) => createHmac('sha256', secret).update(input).digest('base64url');
export const unsigned = () => '';
export const signerOf = (key) => (key.alg === 'ES256' ? es256 : rs256)(key.privateKey);
export const publicPem = (key) => key.publicKey.export({ type: 'spki', format: 'pem' });

/** Verifies an ES256 JWT that a client signed; throws with the reason if it is invalid. */
export function readEs256(token, publicKey) {
  const [head, body, signature] = token.split('.');
  const header = JSON.parse(Buffer.from(head, 'base64url'));
  if (header.alg !== 'ES256') throw new Error(`its alg is ${header.alg}`);
  const input = Buffer.from(`${head}.${body}`);
  if (!verify('sha256', input, { key: publicKey, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'))) {
    throw new Error('its signature does not fit the key');
  }
  return { header, claims: JSON.parse(Buffer.from(body, 'base64url')) };
}

// The id_token of one sign-in: valid, or with the fault that the scenario asks for.
import { hs256, jwt, publicPem, signerOf, unsigned } from './keys.mjs';
import { render } from './render.mjs';

export function idToken(mock, grant, { nonce } = {}) {
  const { record } = grant;
  const key = mock.keys[record.idToken.alg];
  const now = Math.floor(Date.now() / 1000);
  const honest = render(record.idToken.claims, {
    ...grant.values,
    client_id: record.clientId,
    now,
    exp: now + 3600,
    nonce,
  });
  const claims = { ...honest, ...grant.scenario.claims };
  const fault = faults[grant.scenario.fault];
  if (fault) return fault({ claims, key, record, mock, now });
  return signed(claims, key);
}

const signed = (claims, key, header = {}) => jwt({ alg: key.alg, kid: key.kid, ...header }, claims, signerOf(key));
const changed = (change) => ({ claims, key, now, record }) => signed({ ...claims, ...change(claims, now, record) }, key);

const faults = {
  'wrong-iss': changed(() => ({ iss: 'https://issuer.attacker.test' })),
  'wrong-aud': changed(() => ({ aud: 'another-client', azp: undefined })),
  'wrong-azp': changed((claims) => ({ aud: [claims.aud, 'another-client'], azp: 'another-client' })),
  'wrong-nonce': changed(() => ({ nonce: 'bm90LXlvdXJzLW5vdC15b3Vycy1ub3QteW91cnM' })),
  'no-nonce': changed(() => ({ nonce: undefined })),
  'no-sub': changed(() => ({ sub: undefined })),
  expired: changed((_, now) => ({ iat: now - 7200, nbf: undefined, exp: now - 3600 })),
  'no-exp': changed(() => ({ exp: undefined })),
  'from-the-future': changed((_, now) => ({ iat: now + 3600, exp: now + 7200 })),
  'alg-none': ({ claims }) => jwt({ alg: 'none' }, claims, unsigned),
  'alg-none-mixed-case': ({ claims }) => jwt({ alg: 'nOnE' }, claims, unsigned),
  'hs256-secret': ({ claims, record }) => jwt({ alg: 'HS256' }, claims, hs256(record.clientSecret)),
  'hs256-public-key': ({ claims, key }) => jwt({ alg: 'HS256', kid: key.kid }, claims, hs256(publicPem(key))),
  'another-key': ({ claims, mock, key }) => signed(claims, mock.keys.stranger, { kid: key.kid }),
  'unknown-kid': ({ claims, mock }) => signed(claims, mock.keys.stranger, { kid: 'nobody' }),
  'key-in-header': ({ claims, mock }) =>
    signed(claims, mock.keys.stranger, { jwk: mock.keys.stranger.publicKey.export({ format: 'jwk' }), kid: undefined }),
  'cut-signature': ({ claims, key }) => `${signed(claims, key).split('.').slice(0, 2).join('.')}.`,
};

export const idTokenFaults = Object.keys(faults);

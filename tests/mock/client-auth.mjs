// Client authentication at the token endpoint: only the method that the record requires is accepted.
import { timingSafeEqual } from 'node:crypto';
import { require } from './refusals.mjs';
import { readEs256 } from './keys.mjs';

const denied = { status: 401, error: 'invalid_client' };

export function checkClient(mock, record, request, fields) {
  const [scheme, credentials] = splitHeader(request.headers.authorization);
  require(request.url.search === '', 'the token endpoint is called with a query: credentials must not be in a URL', denied);
  ways[record.token.clientAuth]({ mock, record, scheme, credentials, fields });
}

const ways = {
  basic({ record, scheme, credentials, fields }) {
    require(scheme === 'basic', `expected Basic authentication, got ${scheme || 'none'}`, denied);
    require(!('client_secret' in fields), 'client_secret is in the body beside Basic', denied);
    const decoded = Buffer.from(credentials, 'base64').toString('utf8');
    const colon = decoded.indexOf(':');
    const [id, secret] = [decoded.slice(0, colon), decoded.slice(colon + 1)].map(formDecode);
    require(id === record.clientId, `Basic names the client ${id}`, denied);
    require(same(secret, record.clientSecret), `Basic carries a wrong secret, or one that is not form-encoded: ${secret}`, denied);
  },

  body({ record, scheme, fields }) {
    require(!scheme, `Authorization is sent beside credentials in the body (${scheme})`, denied);
    require(fields.client_id === record.clientId, `client_id is ${fields.client_id}`, denied);
    require(same(fields.client_secret, record.clientSecret), 'client_secret is wrong or missing', denied);
  },

  none({ record, scheme, fields }) {
    require(!scheme, `Authorization is sent by a public client (${scheme})`, denied);
    require(!('client_secret' in fields), 'client_secret is sent to a provider of public clients', denied);
    require(fields.client_id === record.clientId, `client_id is ${fields.client_id}`, denied);
  },

  'bearer-secret'({ record, scheme, credentials, fields }) {
    require(scheme === 'bearer', `expected the secret key as Bearer, got ${scheme || 'none'}`, denied);
    require(!('client_secret' in fields), 'client_secret is in the body beside Bearer', denied);
    require(same(credentials, record.clientSecret), 'the secret key is wrong', denied);
  },

  'body-jwt'({ mock, record, scheme, fields }) {
    require(!scheme, `Authorization is sent beside credentials in the body (${scheme})`, denied);
    require(fields.client_id === record.clientId, `client_id is ${fields.client_id}`, denied);
    let token;
    try {
      token = readEs256(fields.client_secret ?? '', mock.appleKey.publicKey);
    } catch (error) {
      require(false, `client_secret is no JWT of ours: ${error.message}`, denied);
    }
    const { header, claims } = token;
    const now = Date.now() / 1000;
    require(header.kid === record.stored.keyID, `kid is ${header.kid}`, denied);
    require(claims.iss === record.stored.teamID, `iss is ${claims.iss}, not the team`, denied);
    require(claims.sub === record.clientId, `sub is ${claims.sub}, not the Services ID`, denied);
    require(claims.aud === 'https://appleid.apple.com', `aud is ${claims.aud}`, denied);
    require(claims.iat <= now + 5 && claims.exp > now && claims.exp - claims.iat <= 15777000, 'iat or exp is out of bounds', denied);
  },
};

function splitHeader(value = '') {
  const space = value.indexOf(' ');
  return space < 0 ? [value.toLowerCase(), ''] : [value.slice(0, space).toLowerCase(), value.slice(space + 1)];
}

function formDecode(text) {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

function same(given, expected) {
  const [a, b] = [Buffer.from(given ?? ''), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

// The token endpoint: redeems a code once, and refreshes tokens by the provider's rules.
import { createHash } from 'node:crypto';
import { checkClient } from './client-auth.mjs';
import { require } from './refusals.mjs';
import { idToken } from './id-token.mjs';
import { matches } from './calls.mjs';
import { render } from './render.mjs';

export function token(mock, record, request) {
  const fields = readFields(record, request);
  const rules = record.token;
  require(request.method === 'POST', `the token endpoint is called by ${request.method}`);
  require(request.headers['user-agent'], 'User-Agent is missing');
  require(/application\/json|\*\/\*/.test(request.headers.accept ?? ''), `Accept is ${request.headers.accept}, not application/json`);
  for (const [name, wanted] of Object.entries(rules.headers ?? {})) {
    require(matches(request.headers[name], wanted), `header ${name} is ${request.headers[name]}, not ${wanted}`);
  }
  checkClient(mock, record, request, fields);
  if (isRefresh(record, request, fields)) return refresh(mock, record, fields);
  return redeem(mock, record, request, fields);
}

function isRefresh(record, request, fields) {
  const ownUrl = record.refresh && record.refresh.url !== record.token.url;
  return ownUrl ? request.address === record.refresh.url : fields.grant_type === 'refresh_token';
}

function redeem(mock, record, request, fields) {
  const rules = record.token;
  const grant = mock.codes.get(fields.code);
  require(fields.grant_type === 'authorization_code' || (rules.grantType === 'optional' && !fields.grant_type), `grant_type is ${fields.grant_type}`);
  require(grant && grant.record === record, 'the code was never given out by this provider', { error: 'invalid_grant' });
  if (grant.scenario.fault === 'bad-code') return rules.error;
  require(!grant.redeemed, 'the code is redeemed a second time', { error: 'invalid_grant' });
  grant.redeemed = true;
  if (rules.redirectUri !== 'optional' || fields.redirect_uri) {
    require(fields.redirect_uri === grant.redirectUri, `redirect_uri is ${fields.redirect_uri}, not ${grant.redirectUri}`, { error: 'invalid_grant' });
  }
  checkVerifier(grant, fields);
  for (const name of rules.requires ?? []) require(fields[name] && fields[name] === grant.deviceId, `${name} is ${fields[name]}`);
  if (grant.scenario.server) require(request.address.startsWith(grant.scenario.server), `the code is redeemed at ${request.address}`);
  mock.remember(fields.code_verifier);
  return reply(record, request, rules.reply, issue(mock, grant), grant);
}

function checkVerifier(grant, fields) {
  if (!grant.challenge) {
    require(!('code_verifier' in fields), 'code_verifier is sent though there was no challenge');
    return;
  }
  const verifier = fields.code_verifier ?? '';
  require(/^[\w.~-]{43,128}$/.test(verifier), 'code_verifier is missing or of a wrong shape', { error: 'invalid_grant' });
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  require(challenge === grant.challenge, 'code_verifier does not fit the challenge', { error: 'invalid_grant' });
}

function refresh(mock, record, fields) {
  require(record.refresh, 'this provider refreshes nothing', { error: 'unsupported_grant_type' });
  if (record.refresh.grantType === 'absent') require(!('grant_type' in fields), 'grant_type is sent to an endpoint that only refreshes');
  const grant = mock.refreshTokens.get(fields.refresh_token);
  require(grant && grant.record === record, 'the refresh token was never given out by this provider', { error: 'invalid_grant' });
  require(grant.refreshToken === fields.refresh_token, 'a refresh token that was rotated away is used again', { error: 'invalid_grant' });
  for (const name of record.token.requires ?? []) require(fields[name] === grant.deviceId, `${name} is ${fields[name]} at refresh`);
  if (mock.refusingRefresh) return { status: 400, body: { error: 'invalid_grant', error_description: 'the person took the consent back' } };
  grant.refreshes += 1;
  const values = issue(mock, grant, { refreshed: true });
  return { status: 200, body: render(record.refresh.reply, values) };
}

/** Issues tokens for a grant. If the provider rotates refresh tokens, the old one becomes invalid. */
function issue(mock, grant, { refreshed = false } = {}) {
  const { record, scenario } = grant;
  grant.accessToken = mock.secret(record.token.accessToken, grant.values);
  mock.accessTokens.set(grant.accessToken, grant);
  if (!refreshed || record.refresh?.rotates) {
    grant.refreshToken = mock.secret();
    mock.refreshTokens.set(grant.refreshToken, grant);
  }
  const values = { ...grant.values, access_token: grant.accessToken, refresh_token: grant.refreshToken, new_refresh_token: grant.refreshToken, client_id: record.clientId, now: Math.floor(Date.now() / 1000) };
  if (record.idToken && scenario.fault !== 'no-id-token') {
    values.id_token = mock.remember(idToken(mock, grant, { nonce: refreshed ? undefined : grant.nonce }));
  } else {
    values.id_token = undefined;
  }
  return values;
}

function reply(record, request, template, values, grant) {
  const body = { ...render(template, values), ...grant.scenario.tokenReply };
  const wantsJson = (request.headers.accept ?? '').includes('application/json') && !grant.scenario.ignoresAccept;
  if (record.token.formReply && !wantsJson) {
    return { status: 200, type: 'application/x-www-form-urlencoded; charset=utf-8', body: new URLSearchParams(body).toString() };
  }
  return { status: 200, body };
}

function readFields(record, request) {
  const type = (request.headers['content-type'] ?? '').split(';')[0].trim();
  if (record.token.encoding === 'json') {
    require(type === 'application/json', `the token request is ${type}, not JSON`);
    return JSON.parse(request.body);
  }
  require(type === 'application/x-www-form-urlencoded', `the token request is ${type}, not a form`);
  const fields = {};
  for (const [key, value] of new URLSearchParams(request.body)) {
    require(!(key in fields), `parameter ${key} is given twice in the token request`);
    fields[key] = value;
  }
  return fields;
}

// The authorization endpoint: checks every parameter of the request, then grants or denies the sign-in.
import { require } from './refusals.mjs';
import { render } from './render.mjs';

export function authorize(mock, record, request) {
  const query = only(request.url.searchParams);
  const rules = record.authorize;
  require(request.method === 'GET', 'the authorization request is no GET');
  require(query.client_id === record.clientId, `client_id is ${query.client_id}`);
  require(query.response_type === 'code', `response_type is ${query.response_type}`);
  require(/^[\w-]{32,}$/.test(query.state ?? ''), `state is not opaque and URL-safe: ${query.state}`);
  require(!('client_secret' in query), 'client_secret is in the authorization URL');
  checkRedirect(mock, record, query.redirect_uri);
  checkScope(mock, rules, query, request.url.search);
  checkPkce(rules, query);
  if (rules.nonce === 'sent') require((query.nonce ?? '').length >= 22, 'nonce is missing or short');
  if (rules.nonce === 'absent') require(!('nonce' in query), 'nonce is sent to a provider that knows none');
  for (const [key, value] of Object.entries(rules.params)) {
    require(query[key] === value, `parameter ${key} is ${query[key]}, not ${value}`);
  }

  const scenario = mock.scenarioOf(request);
  const grant = mock.grant(record, scenario, query);
  return answer(rules, query, scenario, grant);
}

function answer(rules, query, scenario, grant) {
  const extra = { ...grant.values, scope: query.scope, random: grant.code.slice(-12), device_id: grant.deviceId };
  const honest =
    scenario.fault === 'denied'
      ? { ...rules.denied, state: query.state }
      : { code: grant.code, state: query.state, ...render(rules.callback ?? {}, extra) };
  const fields = Object.entries({ ...honest, ...scenario.callback }).filter(([, value]) => value !== undefined && value !== null);
  if (rules.formPost) return { status: 200, type: 'text/html; charset=utf-8', body: selfSubmitting(query.redirect_uri, fields) };
  const target = new URL(query.redirect_uri);
  for (const [key, value] of fields) target.searchParams.append(key, value);
  return { status: 302, headers: { location: target.href } };
}

function checkRedirect(mock, record, value) {
  const uri = URL.canParse(value ?? '') ? new URL(value) : undefined;
  require(uri, `redirect_uri is no URL: ${value}`);
  require(!uri.search && !uri.hash, `redirect_uri has a query or fragment: ${value}`);
  require(new RegExp(`^/v1/account/sessions/oauth2/callback/${record.id}/[\\w.-]+$`).test(uri.pathname), `redirect_uri is not registered: ${value}`);
  require(!mock.clientOrigin || uri.origin === mock.clientOrigin, `redirect_uri is at ${uri.origin}, not at ${mock.clientOrigin}`);
}

function checkScope(mock, rules, query, search) {
  if (rules.scopes.length === 0 && !mock.extraScopes.length) {
    require(!('scope' in query), `scope is sent to a provider that has none: ${query.scope}`);
    return;
  }
  const wanted = [...rules.scopes, ...mock.extraScopes].join(rules.separator || ' ');
  require(query.scope === wanted, `scope is ${query.scope}, not ${wanted}`);
  require(!/[?&]scope=[^&]*\+/.test(search), 'a space in scope is sent as +');
}

function checkPkce(rules, query) {
  if (rules.pkce === 'absent') {
    require(!('code_challenge' in query), 'code_challenge is sent to a provider that does not know PKCE');
    return;
  }
  require(query.code_challenge_method === 'S256', `code_challenge_method is ${query.code_challenge_method}`);
  require(/^[\w-]{43}$/.test(query.code_challenge ?? ''), `code_challenge is no SHA-256: ${query.code_challenge}`);
}

function only(params) {
  const found = {};
  for (const [key, value] of params) {
    require(!(key in found), `parameter ${key} is given twice in the authorization URL`);
    found[key] = value;
  }
  return found;
}

const escaped = (text) => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

function selfSubmitting(action, fields) {
  const inputs = fields.map(([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(String(value))}">`);
  return `<!doctype html><form method="post" action="${escaped(action)}">${inputs.join('')}</form><script>document.forms[0].submit()</script>`;
}

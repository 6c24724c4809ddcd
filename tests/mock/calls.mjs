// The provider's API calls that return the user of an access token.
import { createHmac } from 'node:crypto';
import { require, Refusal } from './refusals.mjs';
import { render } from './render.mjs';

export function call(mock, record, rules, request) {
  const presented = tokenIn(rules, request);
  const grant = mock.accessTokens.get(presented);
  require(grant && grant.record === record, `${rules.role}: the access token is not one of ours: ${presented}`, { status: 401 });
  require(request.method === rules.method, `${rules.role} is called by ${request.method}, not ${rules.method}`);
  require(request.headers['user-agent'], 'User-Agent is missing');
  const values = {
    ...grant.values,
    access_token: presented,
    client_id: record.clientId,
    client_secret: record.clientSecret,
    appsecret_proof: createHmac('sha256', record.clientSecret).update(presented).digest('hex'),
    now: Math.floor(Date.now() / 1000),
    exp: Math.floor(Date.now() / 1000) + 900,
  };
  for (const [name, wanted] of Object.entries(rules.headers ?? {})) {
    const value = render(wanted, values);
    require(matches(request.headers[name], value), `${rules.role}: header ${name} is ${request.headers[name]}, not ${value}`);
  }
  checkQuery(rules, request, values);
  checkBody(rules, request, values);
  if (grant.scenario.fault === 'dead-token') throw new Expected(record.callError);
  const body = render(rules.reply, values);
  return { status: 200, body: Array.isArray(body) ? body : { ...body, ...grant.scenario.profile } };
}

/** An error reply that the scenario asks for; it is not recorded as a refusal. */
export class Expected extends Refusal {
  constructor(answer) {
    super('as the scenario asks');
    this.answer = answer;
  }
}

function checkQuery(rules, request, values) {
  const wanted = render(rules.query ?? {}, values);
  for (const [name, value] of Object.entries(wanted)) {
    require(request.url.searchParams.get(name) === value, `${rules.role}: query ${name} is ${request.url.searchParams.get(name)}, not ${value}`);
  }
  for (const name of request.url.searchParams.keys()) {
    require(name in wanted, `${rules.role}: query parameter ${name} was not asked for`);
  }
}

function checkBody(rules, request, values) {
  if (rules.form) {
    const fields = new URLSearchParams(request.body);
    for (const [name, value] of Object.entries(render(rules.form, values))) {
      require(fields.get(name) === value, `${rules.role}: form field ${name} is ${fields.get(name)}`);
    }
  } else if (rules.body === 'none or null') {
    const type = request.headers['content-type'];
    require(request.body === '' ? !type : request.body === 'null' && type === 'application/json', `${rules.role}: the body is ${request.body} of type ${type}`);
  } else {
    require(request.body === '', `${rules.role}: a body is sent`);
  }
}

function tokenIn(rules, request) {
  const authorization = rules.headers?.authorization;
  if (authorization) {
    const scheme = `${authorization.split(' ')[0]} `;
    const given = request.headers.authorization ?? '';
    require(given.toLowerCase().startsWith(scheme.toLowerCase()), `${rules.role}: Authorization is "${given.split(' ')[0]} …", not ${scheme}`, { status: 401 });
    return given.slice(scheme.length);
  }
  if (rules.form) return new URLSearchParams(request.body).get('access_token');
  return request.url.searchParams.get('access_token');
}

/** Whether a header has the expected value: `>=x` means a date not before x, `~x` a value that contains x. */
export function matches(given = '', wanted) {
  if (wanted.startsWith('>=')) return /^\d{4}-\d{2}-\d{2}$/.test(given) && given >= wanted.slice(2);
  if (wanted.startsWith('~')) return given.includes(wanted.slice(1));
  return given === wanted;
}

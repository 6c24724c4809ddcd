// The state parameter: valid once, for ten minutes, in one browser, for one provider of one project.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { parseCookie } from '../../support/agent.mjs';
import { Fixture } from '../../support/fixture.mjs';
import { assertFailed, assertLanded, assertRefusedHere, assertStranger, atProvider, sendCallback, follow, identities, login, me, start } from '../../support/login.mjs';

let fixture;
before(async () => { fixture = await Fixture.open({ providers: ['discord', 'github', 'google', 'linkedin', 'apple'] }); });
after(() => fixture?.close());
beforeEach(() => fixture.mock.takeRefusals());

const browser = (project = fixture.project) => project.visitor({ navigating: true });
const tokenCalls = (id) => fixture.mock.visitsTo('token', id).length;

async function untilTheWayBack(visitor, id = 'discord', scenario = {}, project = fixture.project) {
  const { authorize, reply } = await start(visitor, project, id);
  return { authorize, reply, back: await atProvider(authorize, fixture.mock, scenario) };
}

describe('a state that was used', () => {
  test('is refused after a success, and its code is not redeemed again', async () => {
    const visitor = browser();
    const done = await login(visitor, fixture.project, 'discord', { mock: fixture.mock });
    assertLanded(done);
    const calls = tokenCalls('discord');

    visitor.forget();
    const replay = await sendCallback(visitor, done.back);

    assertRefusedHere(replay);
    assert.equal(tokenCalls('discord'), calls);
    await assertStranger(visitor);
  });

  test('is refused after a success even in the browser that holds every cookie', async () => {
    const visitor = browser();
    const done = await login(visitor, fixture.project, 'discord', { mock: fixture.mock });
    assertRefusedHere(await sendCallback(visitor, done.back));
  });

  test('is refused after a failure', async () => {
    const visitor = browser();
    const denied = await login(visitor, fixture.project, 'discord', { mock: fixture.mock, scenario: { fault: 'denied' } });
    assertFailed(denied, 'user_oauth2_provider_error');
    assertRefusedHere(await sendCallback(visitor, denied.back));
  });

  test('is good for only one of two that race', async () => {
    const visitor = browser();
    const { back } = await untilTheWayBack(visitor);
    const calls = tokenCalls('discord');
    const ends = await Promise.all([sendCallback(visitor, back), sendCallback(visitor, back)]);
    assert.equal(ends.filter((end) => end.landed && !end.error).length, 1);
    assert.equal(ends.filter((end) => end.last.status === 400).length, 1);
    assert.equal(tokenCalls('discord'), calls + 1);
  });
});

describe('a state of another browser', () => {
  test('is refused, and no code is redeemed', async () => {
    const [attacker, victim] = [browser(), browser()];
    const { back } = await untilTheWayBack(attacker);
    const calls = tokenCalls('discord');

    const end = await sendCallback(victim, back);

    assertRefusedHere(end);
    assert.equal(tokenCalls('discord'), calls);
    await assertStranger(victim);
  });

  test('is refused in a browser that is in the middle of a login of its own', async () => {
    const [attacker, victim] = [browser(), browser()];
    const { back } = await untilTheWayBack(attacker);
    await start(victim, fixture.project, 'discord');
    assertRefusedHere(await sendCallback(victim, back));
    await assertStranger(victim);
  });

  test('cannot come: the cookie is HttpOnly, Lax, short-lived and bound to the login path', async () => {
    const { reply } = await start(browser(), fixture.project, 'discord');
    const cookies = (reply.headers['set-cookie'] ?? []).map(parseCookie).filter((each) => each.name.startsWith('a_oauth_'));
    assert.equal(cookies.length, 1);
    const [{ attributes }] = cookies;
    assert.ok('httponly' in attributes);
    assert.equal(attributes.samesite?.toLowerCase(), 'lax');
    assert.match(attributes.path, /^\/v1\/account\/sessions\/oauth2/);
    const life = attributes['max-age'] ? Number(attributes['max-age']) : (new Date(attributes.expires) - Date.now()) / 1000;
    assert.ok(life > 0 && life <= 600, `it lives ${life} s`);
    assert.ok(!reply.location.href.includes(cookies[0].value), 'its value stands in the URL');
  });

  test('two logins of one browser do not disturb each other', async () => {
    const visitor = browser();
    const one = await untilTheWayBack(visitor, 'discord');
    const two = await untilTheWayBack(visitor, 'github');
    assertLanded(await sendCallback(visitor, one.back));
    assertLanded(await sendCallback(visitor, two.back));
  });
});

describe('a state that is none of ours', () => {
  const made = (success) => JSON.stringify({ success, failure: success, token: false });
  const states = {
    'made up': 'A'.repeat(43),
    empty: '',
    'in the older plain form': made('http://localhost:4999/welcome'),
    'in the older plain form, leading elsewhere': made('https://evil.example/'),
    'in base64 of the older form': Buffer.from(made('https://evil.example/')).toString('base64url'),
    'no text at all': '\u0000\u0001\uffff',
    'very long': 'A'.repeat(6000),
  };
  for (const [name, state] of Object.entries(states)) {
    test(`is refused when it is ${name}`, async () => {
      const query = new URLSearchParams({ code: 'abc', state });
      const first = await browser().get(`/v1/account/sessions/oauth2/callback/discord/${fixture.project.id}?${query}`);
      assertRefusedHere(await follow(browser(), first));
    });
  }

  test('is refused when it is missing, with a code and with an error', async () => {
    for (const query of ['code=abc', 'error=access_denied']) {
      const visitor = browser();
      const first = await visitor.get(`/v1/account/sessions/oauth2/callback/discord/${fixture.project.id}?${query}`);
      assertRefusedHere(await follow(visitor, first));
    }
  });
});

describe('a state taken elsewhere', () => {
  test('is refused at another provider, which sees no code', async () => {
    const visitor = browser();
    const { back } = await untilTheWayBack(visitor, 'discord');
    back.url.pathname = back.url.pathname.replace('/discord/', '/github/');
    const calls = tokenCalls('github');
    assertRefusedHere(await sendCallback(visitor, back));
    assert.equal(tokenCalls('github'), calls);
    await assertStranger(visitor);
  });

  test('is refused in another project', async () => {
    const other = await fixture.developer.project('Other', { hostnames: ['localhost'] });
    await fixture.enable('discord', other);
    const visitor = browser();
    const { back } = await untilTheWayBack(visitor, 'discord');
    const calls = tokenCalls('discord');
    back.url.pathname = back.url.pathname.replace(fixture.project.id, other.id);
    assertRefusedHere(await sendCallback(visitor, back));
    assert.equal(tokenCalls('discord'), calls);
  });
});

describe('an injected code', () => {
  for (const id of ['discord', 'google']) {
    test(`of the attacker's own ${id} login signs nobody in`, async () => {
      const [attacker, victim] = [browser(), browser()];
      const stolen = await untilTheWayBack(attacker, id);
      const { back } = await untilTheWayBack(victim, id);
      back.url.searchParams.set('code', stolen.back.url.searchParams.get('code'));

      const end = await sendCallback(victim, back);

      assertFailed(end, ['user_oauth2_bad_request', 'user_oauth2_provider_error', 'user_oauth2_provider_failure']);
      await assertStranger(victim);
    });
  }
});

describe('a parameter that is given twice', () => {
  for (const name of ['code', 'state', 'iss']) {
    test(`is refused when it is ${name}`, async () => {
      const visitor = browser();
      const { back } = await untilTheWayBack(visitor, 'discord');
      const calls = tokenCalls('discord');
      if (name === 'iss') back.url.searchParams.append(name, 'https://one.example');
      back.url.searchParams.append(name, name === 'state' ? back.url.searchParams.get('state') : 'https://two.example');

      const end = await sendCallback(visitor, back);

      assert.ok(end.last.status === 400 || end.error, `${end.last.status} ${end.landed}`);
      assert.equal(tokenCalls('discord'), calls);
      await assertStranger(visitor);
    });
  }
});

describe('the attempt itself', () => {
  test('has a fresh state, challenge and nonce each time', async () => {
    const seen = { state: new Set(), code_challenge: new Set(), nonce: new Set() };
    for (let i = 0; i < 5; i += 1) {
      const { authorize } = await start(browser(), fixture.project, 'google');
      for (const key of Object.keys(seen)) seen[key].add(authorize.searchParams.get(key));
    }
    for (const [key, values] of Object.entries(seen)) assert.equal(values.size, 5, key);
  });

  test('of two people at once makes each of them themselves', async () => {
    const people = [fixture.mock.person('discord'), fixture.mock.person('discord')];
    const ends = await Promise.all(people.map((person) => login(browser(), fixture.project, 'discord', { mock: fixture.mock, scenario: { person } }).then((end) => ({ ...end, person }))));
    for (const end of ends) assertLanded(end);
  });

  test('of one new person in two browsers at once makes one user', async () => {
    const person = fixture.mock.person('discord');
    const visitors = [browser(), browser(), browser(), browser()];
    const backs = [];
    for (const visitor of visitors) backs.push((await untilTheWayBack(visitor, 'discord', { person })).back);
    const ends = await Promise.all(visitors.map((visitor, i) => sendCallback(visitor, backs[i])));
    ends.forEach((end) => assertLanded(end));
    const ids = new Set();
    for (const visitor of visitors) ids.add((await me(visitor)).$id);
    assert.equal(ids.size, 1);
    assert.equal((await identities(visitors[0])).length, 1);
  });

  test("of Apple comes back by POST and goes on by a 303, where the browser's cookie is asked for", async () => {
    const [attacker, victim] = [browser(), browser()];
    const { back } = await untilTheWayBack(attacker, 'apple');
    assert.equal(back.method, 'POST');
    const end = await sendCallback(attacker, back);
    assert.equal(end.steps[0].status, 303);
    assertLanded(end);

    const second = await untilTheWayBack(attacker, 'apple');
    assertRefusedHere(await sendCallback(victim, second.back));
  });
});

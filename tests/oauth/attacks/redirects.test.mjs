// Allowed redirect targets of a login (RFC 9700 4.11), the public URL, and the parameters of our redirects.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { Fixture } from '../../support/fixture.mjs';
import { app, assertFailed, assertLanded, assertRefusedHere, assertStranger, atProvider, sendCallback, login, start, startPath } from '../../support/login.mjs';
import { allowed, forbidden, hostnames } from './corpus.mjs';

let fixture;
let platforms;
before(async () => {
  fixture = await Fixture.open({ providers: ['discord', 'apple'] });
  platforms = await fixture.developer.project('Platforms', { hostnames });
  await fixture.enable('discord', platforms);
});
after(() => fixture?.close());
beforeEach(() => fixture.mock.takeRefusals());

describe('a forbidden address', () => {
  for (const kind of ['sessions', 'tokens']) {
    for (const place of ['success', 'failure']) {
      test(`is refused as ${place} of ${kind}, all ${forbidden.length} of them`, async () => {
        const let_through = [];
        for (const address of [...forbidden, `appwrite-callback-${platforms.id}x://`]) {
          const good = 'https://app.example.com/';
          const reply = await platforms.visitor().get(startPath(platforms, 'discord', { kind, success: good, failure: good, [place]: address }));
          if (reply.status !== 400 || reply.headers.location) let_through.push([address, reply.status, reply.headers.location]);
        }
        assert.deepEqual(let_through, []);
      });
    }
  }

  test('is refused in the words of the API', async () => {
    const reply = await platforms.visitor().get(startPath(platforms, 'discord', { success: 'https://evil.example/' }));
    reply.expectError(400, 'general_argument_invalid');
  });

  test('is refused again on the way back, when its platform is gone by then', async () => {
    for (const [place, type] of [['success', 'project_invalid_success_url'], ['failure', 'project_invalid_failure_url']]) {
      const platform = await platforms.platform({ type: 'web', name: 'Soon gone', hostname: 'gone.example.com' });
      const visitor = platforms.visitor();
      const good = 'https://app.example.com/';
      const { authorize } = await start(visitor, platforms, 'discord', { success: good, failure: good, [place]: 'https://gone.example.com/' });
      const back = await atProvider(authorize, fixture.mock);
      await platforms.removePlatform(platform);
      const calls = fixture.mock.visitsTo('token').length;

      const end = await sendCallback(visitor, back);

      assertRefusedHere(end);
      end.last.expectError(400, type);
      assert.equal(fixture.mock.visitsTo('token').length, calls);
      await assertStranger(visitor);
    }
  });
});

describe('an allowed address', () => {
  test('is led to, with its query and fragment', async () => {
    for (const address of allowed(platforms.id)) {
      const visitor = platforms.visitor();
      const end = await login(visitor, platforms, 'discord', { mock: fixture.mock, success: address, failure: address });
      const expected = new URL(address);
      assert.equal(end.landed?.protocol + end.landed?.host, expected.protocol + expected.host, address);
      assert.equal(end.landed.hash, expected.hash);
      for (const [key, value] of expected.searchParams) assert.equal(end.landed.searchParams.get(key), value);
    }
  });

  test('keeps its query and fragment when the login fails', async () => {
    const failure = 'https://app.example.com/sorry?again=1&error=mine#top';
    const end = await login(platforms.visitor(), platforms, 'discord', { mock: fixture.mock, scenario: { fault: 'denied' }, success: failure, failure });
    assert.equal(end.landed.searchParams.get('again'), '1');
    assert.equal(end.landed.hash, '#top');
    assert.match(end.landed.search, /user_oauth2_provider_error/);
  });

  test('may be any for a development key, but never a script', async () => {
    const key = await platforms.devKey();
    const headers = { 'x-appwrite-dev-key': key.secret };
    const visit = (success) => platforms.visitor({ headers }).get(startPath(platforms, 'discord', { success, failure: success }));
    assert.equal((await visit('https://anywhere.example/')).status, 301);
    for (const success of ['javascript:alert(1)', 'data:text/html,x', 'https://a@anywhere.example/', 'file:///etc/passwd']) {
      assert.equal((await visit(success)).status, 400, success);
    }
  });
});

describe('our own address', () => {
  const lies = [
    { host: 'evil.example' },
    { 'x-forwarded-host': 'evil.example' },
    { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https', 'x-forwarded-port': '443' },
    { forwarded: 'host=evil.example;proto=https' },
    { 'x-original-host': 'evil.example', 'x-host': 'evil.example' },
    { host: 'localhost@evil.example' },
    { host: 'localhost:1@evil.example' },
  ];
  for (const lie of lies) {
    test(`is not taken from ${JSON.stringify(lie)}`, async () => {
      const reply = await fixture.project.visitor().get(startPath(fixture.project, 'discord'), lie);
      if (reply.status === 301) {
        assert.ok(reply.location.searchParams.get('redirect_uri').startsWith(`${fixture.server.origin}/`), reply.location.href);
      } else {
        assert.ok(reply.status >= 400 && reply.status < 500, String(reply.status));
      }
      assert.ok(!`${reply.headers.location}${reply.text}${JSON.stringify(reply.headers)}`.includes('evil.example'));
    });

    test(`is not taken from ${JSON.stringify(lie)} on the way back`, async () => {
      const visitor = fixture.project.visitor();
      const { authorize } = await start(visitor, fixture.project, 'discord');
      const back = await atProvider(authorize, fixture.mock);
      const reply = await visitor.get(back.url.href, lie);
      assert.ok(!(reply.headers.location ?? '').includes('evil.example'), reply.headers.location);
    });
  }

  test('does not become allowed by a Host that someone sends', async () => {
    const reply = await fixture.project.visitor().get(startPath(fixture.project, 'discord', { success: 'https://evil.example/', failure: 'https://evil.example/' }), { host: 'evil.example', 'x-forwarded-host': 'evil.example' });
    assert.ok(reply.status >= 400 && reply.status < 500, `${reply.status} ${reply.headers.location}`);
  });
});

describe('every redirect of a login', () => {
  for (const id of ['discord', 'apple']) {
    test(`of ${id} is kept by no cache and tells no one where it came from`, async () => {
      const { reply, steps } = await login(fixture.project.visitor({ navigating: true }), fixture.project, id, { mock: fixture.mock });
      const statuses = [reply, ...steps].map((each) => each.status);
      assert.deepEqual(statuses, [301, id === 'apple' ? 303 : 301, 301]);
      for (const each of [reply, ...steps]) assertQuiet(each);
    });
  }

  test('that failed is just as quiet, and so is the error page', async () => {
    const failed = await login(fixture.project.visitor(), fixture.project, 'discord', { mock: fixture.mock, scenario: { fault: 'denied' } });
    assertFailed(failed, 'user_oauth2_provider_error');
    failed.steps.forEach(assertQuiet);
    const page = await fixture.project.visitor({ navigating: true }).get(`/v1/account/sessions/oauth2/discord/redirect?project=${fixture.project.id}&state=x&code=y`);
    assert.equal(page.status, 400);
    assertQuiet(page);
  });

  test('has the code first, and everything else in its order, on the way from the callback', async () => {
    const visitor = fixture.project.visitor();
    const { authorize } = await start(visitor, fixture.project, 'discord');
    const back = await atProvider(authorize, fixture.mock, { callback: { 'x-extra': 'a b&c' } });
    const reply = await visitor.get(back.url.href);
    const keys = [...reply.location.searchParams.keys()];
    assert.equal(keys[0], 'code');
    assert.ok(keys.includes('project'));
    assert.equal(reply.location.searchParams.get('x-extra'), 'a b&c');
  });
});

describe('our own pages', () => {
  const script = '"><script>alert(1)</script>';

  test('escape what the provider says', async () => {
    const visitor = fixture.project.visitor({ navigating: true });
    const { authorize } = await start(visitor, fixture.project, 'discord', { success: '', failure: '' });
    const back = await atProvider(authorize, fixture.mock, { fault: 'denied', callback: { error: script, error_description: `${script}\r\nX-Evil: 1` } });
    const end = await sendCallback(visitor, back);
    const page = end.landed ? await visitor.get(end.landed.href) : end.last;
    assertHarmless(page);
    assert.equal(page.headers['x-evil'], undefined);
  });

  test('escape what stands in their own address', async () => {
    for (const name of ['success', 'failure']) {
      const query = new URLSearchParams({ project: `x${script}`, error: JSON.stringify({ message: script, type: script, code: 1 }), key: script, secret: script });
      const page = await fixture.project.visitor({ navigating: true }).get(`/console/auth/oauth2/${name}?${query}`);
      assert.ok(page.status < 500);
      assertHarmless(page);
    }
  });

  test('hand a session over to a native app when no success address is given', async () => {
    const visitor = fixture.project.visitor({ navigating: true });
    const end = await login(visitor, fixture.project, 'discord', { mock: fixture.mock, success: '', failure: '' });
    assert.equal(end.landed.origin + end.landed.pathname, `${fixture.server.origin}/console/auth/oauth2/success`);
    const { project, key, secret } = Object.fromEntries(end.landed.searchParams);
    assert.deepEqual([project, key], [fixture.project.id, `a_session_${fixture.project.id}`]);
    const native = fixture.project.visitor({ headers: { 'x-appwrite-session': secret } });
    assert.equal((await native.get('/v1/account')).status, 200);
    const page = await visitor.get(end.landed.href);
    assertHarmless(page);
    assert.ok(page.text.includes(`appwrite-callback-${fixture.project.id}`));
  });

  function assertHarmless(page) {
    assert.match(page.headers['content-type'], /text\/html/);
    assert.ok(!page.text.includes('<script>alert'), page.text);
    assert.match(page.headers['content-security-policy'] ?? '', /default-src 'none'/);
    assert.ok(!/(src|href)="https?:/.test(page.text), 'it loads something from elsewhere');
  }
});

test('a login with good addresses still works beside all this', async () => {
  assertLanded(await login(fixture.project.visitor({ navigating: true }), fixture.project, 'discord', { mock: fixture.mock }), app.success);
});

function assertQuiet(reply) {
  assert.match(reply.headers['cache-control'] ?? '', /no-store/, reply.url.pathname);
  assert.equal(reply.headers['referrer-policy'], 'no-referrer', reply.url.pathname);
}

// One scenario with two versions of the official SDKs, from an empty server: accounts, sessions, a login with a
// provider, and a server with a key.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Mock } from '../mock/server.mjs';
import { assertLanded, atProvider, sendCallback } from '../support/login.mjs';
import { Console } from '../support/console.mjs';
import { Server } from '../support/server.mjs';
import { backend, Device } from '../support/web-sdk.mjs';

const password = 'a long enough password';
const plain = (value) => JSON.parse(JSON.stringify(value)); // the SDKs' JSON parser creates objects without a prototype

export function story(web, node) {
  let mock;
  let server;
  let project;
  let key;
  let serial = 0;
  before(async () => {
    mock = await Mock.start();
    server = await Server.start({ testOrigin: mock.origin });
    const developer = await Console.signUp(server);
    project = await developer.project('Story', { hostnames: ['localhost'] });
    await project.oauth2('github', mock.credentials('github'));
    key = await project.key(['users.read', 'users.write', 'sessions.write', 'platforms.read', 'platforms.write', 'oauth2.read', 'oauth2.write']);
  });
  after(async () => {
    await server?.stop();
    await mock?.stop();
  });

  const device = () => new Device(web, server, project);
  const refused = (call, code, type) => assert.rejects(call, (error) => {
    assert.deepEqual([error.code, error.type], [code, type], error.message);
    return true;
  });

  async function member() {
    serial += 1;
    const phone = device();
    const email = `person-${serial}@people.example.test`;
    const user = await phone.account.create({ userId: phone.sdk.ID.unique(), email, password, name: 'Ada' });
    const session = await phone.account.createEmailPasswordSession({ email, password });
    return { ...phone, account: phone.account, email, user, session, device: phone };
  }

  describe(`appwrite ${web}`, () => {
    test('signs a person up without signing them in', async () => {
      const phone = device();
      const user = await phone.account.create({ userId: phone.sdk.ID.unique(), email: 'First@People.Example.Test', password, name: 'First' });
      assert.deepEqual([user.email, user.name, user.emailVerification, user.status], ['first@people.example.test', 'First', false, true]);
      assert.deepEqual(plain(user.prefs), {});
      assert.ok(!('password' in user) && !('hash' in user));
      assert.equal(user.targets[0].identifier, 'first@people.example.test');
      await refused(() => phone.account.get(), 401, 'general_unauthorized_scope');
    });

    test('takes an id of the person\'s own and refuses it, and the address, a second time', async () => {
      const phone = device();
      const made = await phone.account.create({ userId: `own-${web}`, email: 'own@people.example.test', password });
      assert.equal(made.$id, `own-${web}`);
      await refused(() => phone.account.create({ userId: phone.sdk.ID.unique(), email: 'OWN@people.example.test', password }), 409, 'user_already_exists');
      await refused(() => phone.account.create({ userId: `own-${web}`, email: 'own2@people.example.test', password }), 409, 'user_already_exists');
    });

    test('is told what is wrong with what it sends', async () => {
      const phone = device();
      await refused(() => phone.account.create({ userId: 'x', email: 'no address', password }), 400, 'general_argument_invalid');
      await refused(() => phone.account.create({ userId: 'x', email: 'a@people.example.test', password: 'short' }), 400, 'general_argument_invalid');
      await refused(() => phone.account.create({ userId: '_x', email: 'a@people.example.test', password }), 400, 'general_argument_invalid');
    });

    test('signs in, and stays signed in by its fallback cookies', async () => {
      const { account, session, user, device: phone } = await member();
      assert.deepEqual([session.userId, session.provider, session.current], [user.$id, 'email', true]);
      assert.equal(session.secret, '');
      assert.deepEqual(plain(session.factors), ['password']);
      assert.match(phone.fallbackCookies, new RegExp(`a_session_${project.id.toLowerCase()}`));
      assert.equal((await account.get()).$id, user.$id);
      await refused(() => account.createEmailPasswordSession({ email: user.email, password }), 401, 'user_session_already_exists');
    });

    test('is refused with a wrong password and for a stranger in the same words', async () => {
      const { email } = await member();
      const phone = device();
      const errors = [];
      for (const who of [email, 'nobody@people.example.test']) {
        await assert.rejects(phone.account.createEmailPasswordSession({ email: who, password: 'a wrong password' }), (error) => Boolean(errors.push([error.code, error.type, error.message])));
      }
      assert.deepEqual(errors[0], errors[1]);
      assert.deepEqual(errors[0].slice(0, 2), [401, 'user_invalid_credentials']);
    });

    test('changes name, preferences, address, phone and password', async () => {
      const { account, email, device: phone } = await member();
      assert.equal((await account.updateName({ name: 'Ada Lovelace' })).name, 'Ada Lovelace');
      const prefs = { theme: 'dark', nested: { list: [1, 2.5, 'drei', null, true] }, ünï: '€' };
      assert.deepEqual(plain((await account.updatePrefs({ prefs })).prefs), prefs);
      assert.deepEqual(plain(await account.getPrefs()), prefs);
      await account.updatePrefs({ prefs: { theme: 'light' } });
      assert.deepEqual(plain(await account.getPrefs()), { theme: 'light' });
      await refused(() => account.updateEmail({ email: `x-${email}`, password: 'a wrong password' }), 401, 'user_invalid_credentials');
      assert.equal((await account.updateEmail({ email: `new-${email}`, password })).email, `new-${email}`);
      const number = `+1202555${String(1000 + serial).slice(-4)}`;
      const withPhone = await account.updatePhone({ phone: number, password });
      assert.deepEqual([withPhone.phone, withPhone.phoneVerification], [number, false]);
      await refused(() => account.updatePassword({ password: 'another long password', oldPassword: 'a wrong password' }), 401, 'user_invalid_credentials');
      await account.updatePassword({ password: 'another long password', oldPassword: password });
      const other = device();
      await refused(() => other.account.createEmailPasswordSession({ email: `new-${email}`, password }), 401, 'user_invalid_credentials');
      await other.account.createEmailPasswordSession({ email: `new-${email}`, password: 'another long password' });
      assert.equal((await other.account.get()).name, 'Ada Lovelace');
      assert.ok(phone.fallbackCookies);
    });

    test('lists its sessions and ends them, one and all', async () => {
      const { account, email, user } = await member();
      const second = device();
      await second.account.createEmailPasswordSession({ email, password });
      const third = device();
      await third.account.createEmailPasswordSession({ email, password });
      const { total, sessions } = await account.listSessions();
      assert.equal(total, 3);
      assert.equal(sessions.filter((each) => each.current).length, 1);
      assert.ok(sessions.every((each) => each.secret === '' && each.userId === user.$id && each.clientName !== undefined && each.countryCode));

      const current = await second.account.getSession({ sessionId: 'current' });
      await account.deleteSession({ sessionId: current.$id });
      await refused(() => second.account.get(), 401, 'general_unauthorized_scope');
      await refused(() => account.getSession({ sessionId: current.$id }), 404, 'user_session_not_found');
      await third.account.deleteSessions();
      await refused(() => account.get(), 401, 'general_unauthorized_scope');
    });

    test('extends its session', async () => {
      const { account, session } = await member();
      const extended = await account.updateSession({ sessionId: 'current' });
      assert.equal(extended.$id, session.$id);
      assert.ok(new Date(extended.expire) >= new Date(session.expire));
    });

    test('hands out a JWT that speaks for the person and dies with the session', async () => {
      const { account, user } = await member();
      const { jwt } = await account.createJWT();
      const claims = JSON.parse(Buffer.from(jwt.split('.')[1], 'base64url'));
      assert.deepEqual([claims.userId, claims.exp - claims.iat], [user.$id, 900]);
      const service = backend(node, server, project, { jwt });
      assert.equal((await service.account.get()).$id, user.$id);
      await refused(() => backend(node, server, project, { jwt: `${jwt.slice(0, -3)}abc` }).account.get(), 401, 'user_jwt_invalid');
      await account.deleteSession({ sessionId: 'current' });
      await refused(() => service.account.get(), 401, 'general_unauthorized_scope');
    });

    test('starts without a name and becomes someone', async () => {
      const phone = device();
      const session = await phone.account.createAnonymousSession();
      assert.equal(session.provider, 'anonymous');
      const nobody = await phone.account.get();
      assert.deepEqual([nobody.email, nobody.$id], ['', session.userId]);
      const email = `anonymous-${web}@people.example.test`;
      const someone = await phone.account.updateEmail({ email, password });
      assert.deepEqual([someone.$id, someone.email], [session.userId, email]);
      const again = device();
      await again.account.createEmailPasswordSession({ email, password });
      assert.equal((await again.account.get()).$id, session.userId);
    });

    test('starts a login at a provider and is that person afterwards', async () => {
      const phone = device();
      const url = phone.account.createOAuth2Token({ provider: 'github', success: 'http://localhost:4999/welcome', failure: 'http://localhost:4999/sorry', scopes: ['user:email', 'repo'] });
      mock.extraScopes = ['repo'];
      const visitor = project.visitor({ navigating: true });
      const begun = await visitor.get(url);
      assert.equal(begun.status, 301);
      const person = mock.person('github');
      const end = await sendCallback(visitor, await atProvider(begun.location, mock, { person }));
      mock.extraScopes = [];
      assertLanded(end);
      const { userId, secret } = Object.fromEntries(end.landed.searchParams);
      const session = await phone.account.createSession({ userId, secret });
      assert.deepEqual([session.provider, session.providerUid], ['github', person.uid]);
      const { total, identities } = await phone.account.listIdentities();
      assert.deepEqual([total, identities[0].providerEmail], [1, person.address]);
      assert.deepEqual((await phone.account.listIdentities({ queries: [phone.sdk.Query.equal('provider', ['discord'])] })).identities, []);
      await phone.account.deleteIdentity({ identityId: identities[0].$id });
      assert.equal((await phone.account.listIdentities()).total, 0);
    });

    test('shows what happened to the account', async () => {
      const { account } = await member();
      await account.updateName({ name: 'Logged' });
      const { logs, total } = await account.listLogs();
      assert.ok(total >= 2);
      assert.ok(logs.some((each) => each.event === 'user.update'), JSON.stringify(logs.map((each) => each.event)));
    });

    test('blocks itself, and stays out', async () => {
      const { account, email } = await member();
      await account.updateStatus();
      const again = device();
      await assert.rejects(again.account.createEmailPasswordSession({ email, password }), (error) => error.type === 'user_blocked');
      await assert.rejects(account.get());
    });
  });

  describe(`node-appwrite ${node}`, () => {
    test('makes a token that the app turns into a session, once', async () => {
      const { user } = await member();
      const { users } = backend(node, server, project, { key });
      const token = await users.createToken({ userId: user.$id, length: 32, expire: 60 });
      assert.match(token.secret, /^[0-9a-f]{32}$/);
      const phone = device();
      const session = await phone.account.createSession({ userId: user.$id, secret: token.secret });
      assert.deepEqual([session.userId, session.provider], [user.$id, 'token']);
      await refused(() => device().account.createSession({ userId: user.$id, secret: token.secret }), 401, 'user_invalid_token');
    });

    test('makes a session and acts in it', async () => {
      const { user } = await member();
      const { users } = backend(node, server, project, { key });
      const session = await users.createSession({ userId: user.$id });
      assert.equal(session.provider, 'server');
      const inSession = backend(node, server, project, { session: session.secret });
      assert.equal((await inSession.account.get()).$id, user.$id);
      assert.equal((await inSession.account.getSession({ sessionId: 'current' })).$id, session.$id);
    });

    test('signs a person in for a page that it renders itself', async () => {
      const { email, user } = await member();
      const session = await backend(node, server, project, { key }).account.createEmailPasswordSession({ email, password });
      assert.ok(session.secret, 'a server is given the secret');
      const inSession = backend(node, server, project, { session: session.secret });
      assert.equal((await inSession.account.get()).$id, user.$id);
      await inSession.account.deleteSession({ sessionId: 'current' });
      await refused(() => inSession.account.get(), 401, 'general_unauthorized_scope');
    });

    test('may do with its key what the key says, and no more', async () => {
      const { user } = await member();
      const weak = await project.key(['teams.read']);
      await refused(() => backend(node, server, project, { key: weak }).users.createToken({ userId: user.$id }), 401, 'general_unauthorized_scope');
      await refused(() => backend(node, server, project).users.createToken({ userId: user.$id }), 401, 'general_unauthorized_scope');
    });

    if (node >= 27) {
      test('sets a provider and a platform with its key', async () => {
        const { project: own, sdk } = backend(node, server, project, { key });
        const set = await own.updateOAuth2Discord({ clientId: 'discord-client', clientSecret: mock.credentials('discord').secret, enabled: true });
        assert.equal(set.enabled, true);
        assert.ok(!JSON.stringify(set).includes('s3cr3t'));
        const platform = await own.createWebPlatform({ platformId: sdk.ID.unique(), name: 'Web', hostname: 'web.example.test' });
        assert.equal(platform.hostname, 'web.example.test');
        assert.ok((await own.listPlatforms()).platforms.some((each) => each.$id === platform.$id));
      });
    }
  });
}

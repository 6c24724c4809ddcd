// Import of users with password hashes of other programs, and second factors, with two versions of the official SDKs.
import assert from 'node:assert/strict';
import { createHash, randomBytes, scryptSync } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { Console } from '../support/console.mjs';
import { Server } from '../support/server.mjs';
import { totp } from '../support/totp.mjs';
import { backend, Device } from '../support/web-sdk.mjs';

const plain = (value) => JSON.parse(JSON.stringify(value)); // the SDKs' JSON parser creates objects without a prototype

const refused = (call, code, type) => assert.rejects(call, (error) => {
  assert.deepEqual([error.code, error.type], [code, type], error.message);
  return true;
});

const signerKey = 'jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==';

/** Imports: the SDK's method, its parameters besides id and address, the password, and the hash algorithm's name. */
const imports = [
  ['createArgon2User', { password: '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4' }, 'password', 'argon2'],
  ['createBcryptUser', { password: '$2y$07$BCryptRequires22Chrcte/VlQH0piJtjXl.0t1XkA8pw9dMXTpOq' }, 'rasmuslerdorf', 'bcrypt'],
  ['createMD5User', { password: createHash('md5').update('message digest').digest('hex') }, 'message digest', 'md5'],
  ['createPHPassUser', { password: '$P$9IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0' }, 'test12345', 'phpass'],
  ['createSHAUser', { password: createHash('sha3-512').update('a long password').digest('hex'), passwordVersion: 'sha3-512' }, 'a long password', 'sha'],
  ['createScryptUser', {
    password: scryptSync('a long password', 'salt', 64, { N: 8, r: 14, p: 1 }).toString('hex'),
    passwordSalt: 'salt', passwordCpu: 8, passwordMemory: 14, passwordParallel: 1, passwordLength: 64,
  }, 'a long password', 'scrypt'],
  ['createScryptModifiedUser', {
    password: 'lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==',
    passwordSalt: '42xEC+ixf3L2lw==', passwordSaltSeparator: 'Bw==', passwordSignerKey: signerKey,
  }, 'user1password', 'scryptMod'],
];

let server;
let project;
let key;
before(async () => {
  server = await Server.start();
  const developer = await Console.signUp(server);
  project = await developer.project('Factors', { hostnames: ['localhost'] });
  key = await project.key(['users.read', 'users.write', 'targets.read', 'targets.write']);
});
after(() => server?.stop());

for (const [web, node] of [[27, 27], [21, 20]]) {
  const device = () => new Device(web, server, project);
  const serve = () => backend(node, server, project, { key });
  const password = 'a long enough password';

  async function member() {
    const phone = device();
    const email = `person-${randomBytes(4).toString('hex')}@people.example.test`;
    const user = await phone.account.create({ userId: phone.sdk.ID.unique(), email, password });
    await phone.account.createEmailPasswordSession({ email, password });
    return { phone, email, user };
  }

  async function again(email) {
    const phone = device();
    await phone.account.createEmailPasswordSession({ email, password });
    return phone;
  }

  describe(`imports by node-appwrite ${node}, sign-ins by appwrite ${web}`, () => {
    for (const [method, hash, known, name] of imports) {
      test(`${method}`, async () => {
        const { users, sdk } = serve();
        const email = `${name}-${node}@people.example.test`.toLowerCase();
        const made = await users[method]({ userId: sdk.ID.unique(), email, name: 'Ada', ...hash });
        assert.deepEqual([made.email, made.hash, made.password], [email, name, hash.password]);
        assert.equal(made.hashOptions.type, name);
        await refused(() => device().account.createEmailPasswordSession({ email, password: 'a wrong password' }), 401, 'user_invalid_credentials');
        for (const _ of [1, 2]) {
          const phone = device();
          await phone.account.createEmailPasswordSession({ email, password: known });
          assert.equal((await phone.account.get()).$id, made.$id);
          const now = await users.get({ userId: made.$id });
          assert.equal(now.hash, 'argon2');
          assert.match(now.password, /^\$argon2id\$v=19\$/);
        }
      });
    }
  });

  describe(`second factors by appwrite ${web} and node-appwrite ${node}`, () => {
    test('an authenticator app opens a second session', async () => {
      const { phone, email, user } = await member();
      const { AuthenticatorType: Type, AuthenticationFactor: Factor } = phone.sdk;
      const app = await phone.account.createMFAAuthenticator({ type: Type.Totp });
      assert.match(app.uri, /^otpauth:\/\/totp\/Factors:/);
      assert.equal(new URL(app.uri).searchParams.get('secret'), app.secret);
      await phone.account.updateMFAAuthenticator({ type: Type.Totp, otp: totp(app.secret) });
      assert.equal((await phone.account.updateMFA({ mfa: true })).mfa, true);
      assert.deepEqual(plain(await serve().users.listMFAFactors({ userId: user.$id })), { totp: true, phone: false, email: false, recoveryCode: false });

      const tablet = await again(email);
      await refused(() => tablet.account.get(), 401, 'user_more_factors_required');
      assert.equal((await tablet.account.listMFAFactors()).totp, true);
      const challenge = await tablet.account.createMFAChallenge({ factor: Factor.Totp });
      assert.equal(challenge.userId, user.$id);
      await refused(() => tablet.account.updateMFAChallenge({ challengeId: challenge.$id, otp: 'abcdef' }), 401, 'user_invalid_token');
      const session = await tablet.account.updateMFAChallenge({ challengeId: challenge.$id, otp: totp(app.secret, 1) });
      assert.deepEqual(plain(session.factors), ['password', 'totp']);
      assert.equal((await tablet.account.get()).$id, user.$id);
      await tablet.account.deleteMFAAuthenticator({ type: Type.Totp });
      assert.equal((await (await again(email)).account.get()).$id, user.$id);
    });

    test('a recovery code opens one session, by the older names too', async () => {
      const { phone, email, user } = await member();
      const { users } = serve();
      const { AuthenticatorType: Type, AuthenticationFactor: Factor } = phone.sdk;
      const app = await phone.account.createMfaAuthenticator({ type: Type.Totp });
      await phone.account.updateMfaAuthenticator({ type: Type.Totp, otp: totp(app.secret) });
      const { recoveryCodes } = await phone.account.createMfaRecoveryCodes();
      assert.equal(recoveryCodes.length, 6);
      await refused(() => phone.account.getMFARecoveryCodes(), 401, 'user_challenge_required');
      await phone.account.updateMFA({ mfa: true });

      const lost = await again(email);
      const challenge = await lost.account.createMfaChallenge({ factor: Factor.Recoverycode });
      const session = await lost.account.updateMfaChallenge({ challengeId: challenge.$id, otp: recoveryCodes[0] });
      assert.deepEqual(plain(session.factors), ['password', 'recoverycode']);
      assert.deepEqual(plain((await lost.account.getMFARecoveryCodes()).recoveryCodes), plain(recoveryCodes).slice(1));
      const other = await again(email);
      const second = await other.account.createMFAChallenge({ factor: Factor.Recoverycode });
      await refused(() => other.account.updateMFAChallenge({ challengeId: second.$id, otp: recoveryCodes[0] }), 401, 'user_invalid_token');

      const fresh = plain((await users.updateMFARecoveryCodes({ userId: user.$id })).recoveryCodes);
      assert.deepEqual(plain((await users.getMFARecoveryCodes({ userId: user.$id })).recoveryCodes), fresh);
      await users.deleteMFAAuthenticator({ userId: user.$id, type: Type.Totp });
      assert.equal((await other.account.get()).$id, user.$id);
    });

    test('a device is a target, and servers add others', async () => {
      const { phone, user } = await member();
      const { users, sdk } = serve();
      const token = `token-${web}`;
      const made = await phone.account.createPushTarget({ targetId: phone.sdk.ID.unique(), identifier: token });
      assert.deepEqual([made.providerType, made.identifier, made.userId], ['push', token, user.$id]);
      assert.equal((await phone.account.updatePushTarget({ targetId: made.$id, identifier: `${token}-2` })).identifier, `${token}-2`);
      const sms = await users.createTarget({ userId: user.$id, targetId: sdk.ID.unique(), providerType: sdk.MessagingProviderType.Sms, identifier: `+49170123450${web % 10}` });
      const { total, targets } = await users.listTargets({ userId: user.$id, queries: [sdk.Query.equal('providerType', ['sms', 'push'])] });
      assert.deepEqual([total, targets.map(({ $id }) => $id).sort()], [2, [made.$id, sms.$id].sort()]);
      await users.deleteTarget({ userId: user.$id, targetId: sms.$id });
      await phone.account.deletePushTarget({ targetId: made.$id });
      assert.equal((await phone.account.get()).targets.length, 1);
    });
  });
}

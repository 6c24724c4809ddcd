// Flows that send mail and SMS, with the official SDKs, a real mail server, and an SMS catcher.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { Console } from '../support/console.mjs';
import { Mailbox } from '../support/mailbox.mjs';
import { Server } from '../support/server.mjs';
import { until } from '../support/until.mjs';
import { backend, Device } from '../support/web-sdk.mjs';

const password = 'a long enough password';
const page = 'http://localhost:4999/page';

export function mailStory(web, node) {
  let mailbox;
  let catcher;
  let server;
  let developer;
  let project;
  const sms = [];
  before(async () => {
    mailbox = await Mailbox.open({ user: 'the house', password: 'p:ss/w' });
    catcher = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => { body += chunk; });
      request.on('end', () => { sms.push({ ...JSON.parse(body), user: request.headers['x-username'] }); response.end('{}'); });
    });
    await new Promise((resolve) => catcher.listen(0, '127.0.0.1', resolve));
    const endpoint = encodeURIComponent(`http://127.0.0.1:${catcher.address().port}/mock-sms`);
    server = await Server.start({
      dev: false,
      environment: { FERRITE_SMTP_URL: mailbox.url, _APP_SMS_PROVIDER: `sms://user:secret@mock?endpoint=${endpoint}`, _APP_SMS_FROM: '+15550100' },
    });
    developer = await Console.signUp(server);
    project = await developer.project('Mail & Story', { hostnames: ['localhost'] });
  });
  after(async () => {
    await server?.stop();
    catcher?.close();
    await mailbox?.close();
  });

  const device = () => new Device(web, server, project);
  const refused = (call, code, type) => assert.rejects(call, (error) => {
    assert.deepEqual([error.code, error.type], [code, type], error.message);
    return true;
  });
  async function member(name) {
    const phone = device();
    const email = `${name}@people.example.test`;
    await phone.account.create({ userId: name, email, password, name });
    await phone.account.createEmailPasswordSession({ email, password });
    return { phone, email };
  }

  describe(`by mail: appwrite ${web}, node-appwrite ${node}`, () => {
    test('a magic URL signs a newcomer in', async () => {
      const phone = device();
      const email = 'magic@people.example.test';
      const asked = performance.now();
      const token = await phone.account.createMagicURLToken({ userId: phone.sdk.ID.unique(), email, url: page, phrase: true });
      const mail = await mailbox.mailTo(email);
      assert.ok(mail.arrived - asked < 1000, `on its way within a second, not ${mail.arrived - asked} ms`);
      assert.deepEqual([mail.from.address, mail.from.name], ['team@house.example.test', 'The House']);
      assert.equal(mail.subject, 'Sign in to Mail & Story');
      assert.ok(mail.html.includes('Mail &amp; Story') && mail.text.includes('Mail & Story'));
      assert.ok(token.phrase && mail.text.includes(token.phrase));
      const { userId, secret, url } = await mailbox.linkTo(email);
      assert.equal(`${url.origin}${url.pathname}`, page);
      const session = await phone.account.createSession({ userId, secret });
      assert.deepEqual([session.userId, session.provider], [token.userId, 'magic-url']);
      assert.equal((await phone.account.get()).emailVerification, true);
      await refused(() => device().account.createSession({ userId, secret }), 401, 'user_invalid_token');
    });

    test('a code by mail signs in, in the reader\'s language', async () => {
      const phone = device();
      const email = 'otp@people.example.test';
      phone.client.setLocale('ja');
      const token = await phone.account.createEmailToken({ userId: phone.sdk.ID.unique(), email });
      const mail = await mailbox.mailTo(email);
      assert.match(mail.subject, /認証コード/);
      assert.match(mail.html, /lang="ja"/);
      await refused(() => phone.account.createSession({ userId: token.userId, secret: '1' }), 401, 'user_invalid_token');
      await phone.account.createSession({ userId: token.userId, secret: await mailbox.codeTo(email) });
      assert.equal((await phone.account.get()).email, email);
    });

    test('a code by SMS signs in', async () => {
      const phone = device();
      const token = await phone.account.createPhoneToken({ userId: phone.sdk.ID.unique(), phone: '+15550142' });
      const message = await until('the SMS', () => sms.find((each) => each.to === '+15550142'));
      assert.deepEqual([message.from, message.user], ['+15550100', 'user']);
      await phone.account.createSession({ userId: token.userId, secret: message.message.match(/\d{6}/)[0] });
      assert.equal((await phone.account.get()).phoneVerification, true);
    });

    test('an address is verified', async () => {
      const { phone, email } = await member('verified');
      const verify = phone.account.createEmailVerification ?? phone.account.createVerification;
      const confirm = phone.account.updateEmailVerification ?? phone.account.updateVerification;
      await verify({ url: page });
      const { userId, secret } = await mailbox.linkTo(email, /Confirm/);
      await confirm({ userId, secret });
      assert.equal((await phone.account.get()).emailVerification, true);
    });

    test('a forgotten password is replaced', async () => {
      const { email } = await member('forgetful');
      const phone = device();
      await phone.account.createRecovery({ email, url: page });
      const { userId, secret } = await mailbox.linkTo(email, /password/);
      await phone.account.updateRecovery({ userId, secret, password: 'a password to remember' });
      await refused(() => phone.account.createEmailPasswordSession({ email, password }), 401, 'user_invalid_credentials');
      await phone.account.createEmailPasswordSession({ email, password: 'a password to remember' });
    });

    test('an invitation is read, accepted, and its role works', async () => {
      const { phone: owner } = await member('owner');
      const teams = new owner.sdk.Teams(owner.client);
      owner.use();
      const team = await teams.create({ teamId: owner.sdk.ID.unique(), name: 'Écluse <b>' });
      owner.use();
      await teams.createMembership({ teamId: team.$id, roles: ['editor'], email: 'invited@people.example.test', url: page, name: 'Ines' });
      const mail = await mailbox.mailTo('invited@people.example.test');
      assert.equal(mail.subject, 'Invitation to Écluse <b> on Mail & Story');
      assert.ok(mail.html.includes('Écluse &lt;b&gt;') && !mail.html.includes('Écluse <b>'));
      const { membershipId, userId, secret, teamId, teamName } = await mailbox.linkTo('invited@people.example.test');
      assert.deepEqual([teamId, teamName], [team.$id, 'Écluse <b>']);
      const invited = device();
      const theirs = new invited.sdk.Teams(invited.client);
      invited.use();
      const membership = await theirs.updateMembershipStatus({ teamId, membershipId, userId, secret });
      assert.deepEqual([membership.confirm, membership.roles], [true, ['editor']]);
      assert.equal((await invited.account.get()).name, 'Ines');
      const key = await project.key(['databases.write', 'tables.write', 'columns.write', 'rows.write', 'users.read', 'teams.read']);
      const { sdk, client } = backend(node, server, project, { key });
      const tables = new sdk.TablesDB(client);
      await tables.create({ databaseId: `d${web}`, name: 'D' });
      const permissions = [sdk.Permission.read(sdk.Role.team(teamId, 'editor'))];
      await tables.createTable({ databaseId: `d${web}`, tableId: 't', name: 'T', permissions });
      await tables.createStringColumn({ databaseId: `d${web}`, tableId: 't', key: 'title', size: 20, required: false });
      await tables.createRow({ databaseId: `d${web}`, tableId: 't', rowId: 'r', data: { title: 'One' } });
      const reads = (who) => {
        who.use();
        return new who.sdk.TablesDB(who.client).listRows({ databaseId: `d${web}`, tableId: 't' });
      };
      assert.equal((await reads(invited)).total, 1);
      await refused(() => reads(owner), 401, 'user_unauthorized');
      const server27 = new sdk.Teams(client);
      assert.equal((await server27.get({ teamId })).total, 2);
    });

    test('a new sign-in is told of', async () => {
      (await developer.agent.patch(`/v1/projects/${project.id}/auth/session-alerts`, { alerts: true })).expect(200);
      const { email } = await member('watched');
      await device().account.createEmailPasswordSession({ email, password });
      const mail = await mailbox.mailTo(email, /New sign-in/);
      assert.match(mail.text, /127\.0\.0\.1|::1/);
    });

    test('nobody adds a header or an addressee', async () => {
      const { phone, email } = await member('evil');
      await phone.account.updateName({ name: 'x\r\nBcc: victim@people.example.test\r\n\r\nhello' });
      await phone.account.createRecovery({ email, url: page });
      const mail = await mailbox.mailTo(email, /password/);
      assert.deepEqual(mail.envelope.rcptTo.map((each) => each.address), [email]);
      assert.equal(mail.headers.some((each) => each.key === 'bcc'), false);
      assert.equal(mail.to.length, 1);
    });
  });
}

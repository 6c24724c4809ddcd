// TLS to mail and web servers: an invalid certificate is refused, and a private authority is trusted once it is
// configured.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createServer } from 'node:https';
import { after, before, describe, test } from 'node:test';
import { Authority } from '../support/certificates.mjs';
import { Console } from '../support/console.mjs';
import { Mailbox } from '../support/mailbox.mjs';
import { binary, Server } from '../support/server.mjs';
import { until } from '../support/until.mjs';

const login = { user: 'house', password: 'p/w' };
let authority;
before(async () => { authority = await Authority.make(); });
after(() => authority?.forget());

const trusting = () => ({ FERRITE_OUTBOUND_CA: authority.file });
const pixel = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

/** Starts a server that uses a mail server, requests a mail to a user, and calls `check`. */
async function withMailServer({ mailbox, url, environment = {} }, check) {
  const server = await Server.start({ dev: false, environment: { FERRITE_SMTP_URL: url(mailbox), ...environment } });
  try {
    const project = await (await Console.signUp(server)).project('Mail', { hostnames: ['localhost'] });
    const email = 'ada@people.example.test';
    (await project.visitor().post('/v1/account/tokens/email', { userId: 'unique()', email })).expect(201);
    await check(server, email);
  } finally {
    await server.stop();
    await mailbox.close();
  }
}

const at = (scheme, options = '') => ({ port }) => `${scheme}://house:p%2Fw@localhost:${port}?from=team@house.example.test${options}`;

/** The line of `ferrite doctor` about mail. */
async function diagnosis(url, environment) {
  const env = { PATH: process.env.PATH, FERRITE_DATA: authority.folder, FERRITE_SMTP_URL: url, ...environment };
  const output = await new Promise((resolve) => execFile(binary, ['doctor'], { env }, (_, stdout, stderr) => resolve(stdout + stderr)));
  return output.split('\n').find((line) => line.includes('mail:'));
}

describe('a mail server with a certificate of a private authority', () => {
  for (const [name, url, implicit] of [['TLS from the first byte', at('smtps'), true], ['STARTTLS', at('smtp', '&tls=required'), false], ['STARTTLS, as offered', at('smtp'), false]]) {
    test(`gets mail by ${name}, once the authority is named`, async () => {
      const mailbox = await Mailbox.open({ ...login, tls: authority.tls, implicit });
      await withMailServer({ mailbox, url, environment: trusting() }, async (_, email) => {
        const mail = await mailbox.mailTo(email);
        assert.equal(mail.secure, true);
        assert.match(await diagnosis(url(mailbox), trusting()), /^ok /);
      });
    });

    test(`gets nothing by ${name} before that`, async () => {
      const mailbox = await Mailbox.open({ ...login, tls: authority.tls, implicit });
      await withMailServer({ mailbox, url }, async (server) => {
        await until('the try', () => server.logs.includes('a job failed'));
        assert.match(server.logs, /certificate/i);
        assert.equal(mailbox.mails.length, 0);
        assert.equal(mailbox.logins, 0, 'no password was sent either');
        assert.match(await diagnosis(url(mailbox)), /^FAIL .*certificate/i);
      });
    });
  }
});

test('a mail server without TLS gets nothing where TLS is required', async () => {
  const mailbox = await Mailbox.open(login);
  await withMailServer({ mailbox, url: at('smtp', '&tls=required') }, async (server) => {
    await until('the try', () => server.logs.includes('a job failed'));
    assert.deepEqual([mailbox.mails.length, mailbox.logins], [0, 0]);
  });
});

test('pages of a private authority are fetched once it is named', async () => {
  const web = createServer(authority.tls, (_, reply) => reply.setHeader('content-type', 'image/png').end(pixel));
  await new Promise((resolve) => web.listen(0, '127.0.0.1', resolve));
  const path = `/v1/avatars/image?url=${encodeURIComponent(`https://localhost:${web.address().port}/x.png`)}`;
  try {
    for (const [environment, status] of [[trusting(), 200], [{}, 404]]) {
      const server = await Server.start({ environment });
      try {
        const project = await (await Console.signUp(server)).project('Pictures', { hostnames: ['localhost'] });
        assert.equal((await project.visitor().get(path)).status, status);
      } finally {
        await server.stop();
      }
    }
  } finally {
    await new Promise((resolve) => web.close(resolve));
  }
});

// An enqueued mail is sent exactly once, even if the mail server is down at first and our server is killed meanwhile.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Console } from '../support/console.mjs';
import { Mailbox } from '../support/mailbox.mjs';
import { freePort } from '../support/port.mjs';
import { Server } from '../support/server.mjs';
import { until } from '../support/until.mjs';

test('a mail outlives a mail server that is away and a kill -9', async () => {
  const port = await freePort();
  const server = await Server.start({ dev: false, environment: { FERRITE_SMTP_URL: `smtp://127.0.0.1:${port}?from=team@house.example.test` } });
  let mailbox;
  try {
    const project = await (await Console.signUp(server)).project('Away', { hostnames: ['localhost'] });
    const app = project.visitor();
    const email = 'patient@people.example.test';
    const token = (await app.post('/v1/account/tokens/email', { userId: 'unique()', email })).expect(201);
    await until('the first try', () => server.logs.includes('a job failed'));
    await server.kill();
    mailbox = await Mailbox.open({ port });
    await server.launch();
    // If the server was killed before it stored the failure, the job is retried only after its lease of a minute
    // expires.
    await until('the mail', () => mailbox.mails.length, { within: 90000 });
    const code = await mailbox.codeTo(email);
    (await app.post('/v1/account/sessions/token', { userId: token.userId, secret: code })).expect(201);
    assert.equal(mailbox.mails.length, 1);
    assert.ok(!server.logs.includes(code), 'a code is never logged');
  } finally {
    await server.stop();
    await mailbox?.close();
  }
});

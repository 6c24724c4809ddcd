// Starts a server and a mail server, and runs the Python scenario about users, chapter by chapter.
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { Console } from '../../support/console.mjs';
import { Mailbox } from '../../support/mailbox.mjs';
import { python } from '../../support/python.mjs';
import { Server } from '../../support/server.mjs';
import { assertPassed, runScenario } from './scenario.mjs';

const scopes = ['users.read', 'users.write', 'sessions.write', 'teams.read', 'teams.write', 'targets.read', 'targets.write', 'locale.read', 'avatars.read'];
const chapters = ['by_link', 'by_code', 'verification_and_recovery', 'invitation', 'second_factors', 'imports', 'lists_and_logs', 'places'];

export function people(generation) {
  describe(`people by python appwrite ${generation}`, () => {
    let mailbox;
    let mailsApi;
    let server;
    let results;
    before(async () => {
      mailbox = await Mailbox.open();
      mailsApi = createServer((_, response) => {
        const mails = mailbox.mails.map((mail) => ({ to: mail.to[0].address, subject: mail.subject, text: mail.text }));
        response.end(JSON.stringify(mails));
      });
      await new Promise((resolve) => mailsApi.listen(0, '127.0.0.1', resolve));
      server = await Server.start({ dev: false, environment: { FERRITE_SMTP_URL: mailbox.url } });
      const project = await (await Console.signUp(server)).project('Python', { hostnames: ['localhost'] });
      const env = { ENDPOINT: server.endpoint, PROJECT: project.id, KEY: (await project.key(scopes)).secret, MAILS: `http://127.0.0.1:${mailsApi.address().port}/` };
      results = await runScenario(await python(generation), 'people.py', [], env);
    });
    after(async () => {
      await server?.stop();
      mailsApi?.close();
      await mailbox?.close();
    });
    for (const chapter of chapters) test(chapter.replaceAll('_', ' '), () => assertPassed(results, chapter));
  });
}

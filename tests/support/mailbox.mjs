// A real mail server: it takes mail by SMTP, and the suites read it as a mail client would.
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { until } from './until.mjs';

export class Mailbox {
  mails = [];

  /** With `user` and `password`, only who logs in may send; `port` where it must be a certain one. */
  static async open({ user, password, port = 0 } = {}) {
    const mailbox = new Mailbox();
    mailbox.server = new SMTPServer({
      disabledCommands: ['STARTTLS', ...(user ? [] : ['AUTH'])],
      authOptional: !user,
      allowInsecureAuth: true,
      onAuth: (shown, _, done) => done(shown.username === user && shown.password === password ? null : new Error('wrong'), { user }),
      onData: async (stream, session, done) => {
        const mail = await PostalMime.parse(await raw(stream));
        mail.envelope = session.envelope;
        mail.arrived = performance.now();
        mailbox.mails.push(mail);
        done();
      },
    });
    await new Promise((resolve, reject) => {
      mailbox.server.once('error', reject);
      mailbox.server.listen(port, '127.0.0.1', resolve);
    });
    mailbox.port = mailbox.server.server.address().port;
    const login = user ? `${encodeURIComponent(user)}:${encodeURIComponent(password)}@` : '';
    mailbox.url = `smtp://${login}127.0.0.1:${mailbox.port}?from=team@house.example.test&name=The%20House`;
    return mailbox;
  }

  /** The last mail to an address whose subject fits. */
  mailTo(address, subject = /./) {
    const fits = (mail) => mail.to[0].address === address && subject.test(mail.subject);
    return until(`a mail to ${address}`, () => this.mails.findLast(fits));
  }

  /** What the link of the last mail to an address holds. */
  async linkTo(address, subject) {
    const mail = await this.mailTo(address, subject);
    const [, href] = mail.html.match(/class="button" href="([^"]+)"/);
    const url = new URL(href.replaceAll('&amp;', '&'));
    return { url, ...Object.fromEntries(url.searchParams) };
  }

  /** The code in the last mail to an address. */
  async codeTo(address, subject) {
    const mail = await this.mailTo(address, subject);
    return mail.text.match(/\b\d{6}\b/)[0];
  }

  close() {
    return new Promise((resolve) => this.server.close(resolve));
  }
}

async function raw(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

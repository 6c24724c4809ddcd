// A real mail server: receives mail by SMTP, and parses it for the suites.
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { until } from './until.mjs';

export class Mailbox {
  mails = [];
  logins = 0; // number of login attempts

  /**
   * `user` and `password` make authentication mandatory. `port` 0 means any free port. `tls` is a key and a
   * certificate, for STARTTLS, or for TLS from the first byte if `implicit`.
   */
  static async open({ user, password, port = 0, tls, implicit = false } = {}) {
    const mailbox = new Mailbox();
    mailbox.server = new SMTPServer({
      ...tls,
      secure: implicit,
      disabledCommands: [...(tls ? [] : ['STARTTLS']), ...(user ? [] : ['AUTH'])],
      authOptional: !user,
      allowInsecureAuth: true,
      onAuth: (shown, _, done) => {
        mailbox.logins += 1;
        done(shown.username === user && shown.password === password ? null : new Error('wrong'), { user });
      },
      onData: async (stream, session, done) => {
        const mail = await PostalMime.parse(await raw(stream));
        mail.envelope = session.envelope;
        mail.secure = session.secure;
        mail.arrived = performance.now();
        mailbox.mails.push(mail);
        done();
      },
    });
    await new Promise((resolve, reject) => {
      mailbox.server.once('error', reject);
      mailbox.server.listen(port, '127.0.0.1', resolve);
    });
    mailbox.server.on('error', () => {}); // a client that does not trust the certificate disconnects
    mailbox.port = mailbox.server.server.address().port;
    const login = user ? `${encodeURIComponent(user)}:${encodeURIComponent(password)}@` : '';
    mailbox.url = `smtp://${login}127.0.0.1:${mailbox.port}?from=team@house.example.test&name=The%20House`;
    return mailbox;
  }

  /** The last mail to an address whose subject matches; waits for it. */
  mailTo(address, subject = /./) {
    const fits = (mail) => mail.to[0].address === address && subject.test(mail.subject);
    return until(`a mail to ${address}`, () => this.mails.findLast(fits));
  }

  /** URL and query parameters of the button in the last mail to an address. */
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

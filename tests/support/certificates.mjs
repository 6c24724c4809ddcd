// A private certificate authority, created with openssl.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

export class Authority {
  /** Creates the authority and a server certificate for `localhost`: `file` is the CA certificate, `tls` key and cert. */
  static async make() {
    const authority = new Authority();
    authority.folder = await mkdtemp(join(tmpdir(), 'ferrite-authority-'));
    const at = (name) => join(authority.folder, name);
    const openssl = (...args) => run('openssl', args);
    authority.file = at('ca.pem');
    await openssl('req', '-x509', ...key, '-keyout', at('ca.key'), '-out', authority.file, '-days', '2', '-subj', '/CN=The House');
    await openssl('req', ...key, '-keyout', at('own.key'), '-out', at('own.csr'), '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost');
    await openssl('x509', '-req', '-in', at('own.csr'), '-CA', authority.file, '-CAkey', at('ca.key'), '-days', '2', '-copy_extensions', 'copy', '-out', at('own.pem'));
    authority.tls = { key: await readFile(at('own.key')), cert: await readFile(at('own.pem')) };
    return authority;
  }

  forget() {
    return rm(this.folder, { recursive: true, force: true });
  }
}

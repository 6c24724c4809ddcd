// URLs set by a project's owner cannot reach internal addresses (OWASP SSRF), and the test origin works only with
// --dev.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Console } from '../../support/console.mjs';
import { follow, startPath } from '../../support/login.mjs';
import { Server, startExpectingFailure } from '../../support/server.mjs';

describe('a server that is not in development', () => {
  let server;
  let project;
  let sink;
  let port;
  let connections = 0;

  before(async () => {
    sink = createServer((socket) => {
      connections += 1;
      socket.destroy();
    });
    await new Promise((resolve) => sink.listen(0, '127.0.0.1', resolve));
    port = sink.address().port;
    server = await Server.start({ dev: false });
    project = await (await Console.signUp(server)).project('App', { hostnames: ['localhost'] });
  });
  after(async () => {
    await server?.stop();
    sink?.close();
  });

  const inside = () => [
    `http://127.0.0.1:${port}/c`,
    `https://127.0.0.1:${port}/c`,
    `https://localhost:${port}/c`,
    `https://2130706433:${port}/c`,
    `https://0x7f.1:${port}/c`,
    `https://0.0.0.0:${port}/c`,
    `https://[::1]:${port}/c`,
    `https://[::ffff:127.0.0.1]:${port}/c`,
    `https://127.0.0.1.:${port}/c`,
    'https://169.254.169.254/latest/meta-data',
    'https://10.0.0.1/c',
    'https://192.168.0.1/c',
    'https://[fd00::1]/c',
    'https://[fe80::1]/c',
    'file:///etc/passwd',
    'gopher://127.0.0.1/c',
  ];

  test('connects to none of the addresses inside, however they are written', async () => {
    for (const address of inside()) {
      const stored = { clientSecret: 's', wellKnownEndpoint: address, authorizationEndpoint: '', tokenEndpoint: '', userInfoEndpoint: '' };
      const set = await project.developer.agent.patch(`/v1/projects/${project.id}/oauth2`, { provider: 'oidc', appId: 'c', secret: JSON.stringify(stored), enabled: true });
      assert.ok([200, 400].includes(set.status), `${address}: ${set.status}`);
      const visitor = project.visitor();
      const end = await follow(visitor, await visitor.get(startPath(project, 'oidc')));
      assert.ok(!end.landed || end.error, `${address} led to ${end.landed}`);
      assert.ok(end.last.status < 500, `${address}: ${end.last.status} ${end.last.text}`);
      const checked = await project.check('oidc');
      assert.ok(checked.status < 500, `${address}: ${checked.text}`);
    }
    assert.equal(connections, 0);
  });

  test('serves nothing that is for development', async () => {
    for (const path of ['/dev/idp', '/dev/mail', '/dev/mail.json', '/v1/mock/tests/general/oauth2']) {
      assert.ok((await project.visitor().get(path)).status >= 400, path);
    }
    const set = await project.developer.agent.patch(`/v1/projects/${project.id}/oauth2`, { provider: 'mock', appId: '1', secret: '123456', enabled: true });
    const reply = await project.visitor().get(startPath(project, 'mock'));
    assert.ok(set.status >= 400 || reply.status >= 400, `${set.status} ${reply.status}`);
  });

  test('limits how often a login may be started', async () => {
    const limited = await Server.start({ dev: false, environment: { FERRITE_RATE_LIMITS: 'on' } });
    try {
      const app = await (await Console.signUp(limited)).project('App', { hostnames: ['localhost'] });
      await app.oauth2('github', { appId: 'c', secret: 's' });
      const statuses = [];
      for (let i = 0; i < 51; i += 1) statuses.push((await app.visitor().get(startPath(app, 'github'))).status);
      assert.deepEqual([statuses[0], statuses[49], statuses[50]], [301, 301, 429]);
    } finally {
      await limited.stop();
    }
  });
});

describe('the test seam', () => {
  async function refused(flags, environment) {
    const data = await mkdtemp(join(tmpdir(), 'ferrite-suite-'));
    try {
      return await startExpectingFailure(['serve', '--listen', '127.0.0.1:0', '--data', data, ...flags], environment);
    } finally {
      await rm(data, { recursive: true, force: true });
    }
  }

  test('is refused outside development', async () => {
    const { code, output } = await refused([], { FERRITE_OAUTH_TEST_ORIGIN: 'http://127.0.0.1:9' });
    assert.notEqual(code, 0);
    assert.match(output, /FERRITE_OAUTH_TEST_ORIGIN/);
  });

  for (const origin of ['https://mock.example', 'http://10.0.0.1:80', 'http://127.0.0.1.evil.example', 'http://user@127.0.0.1:9', 'nonsense']) {
    test(`is refused when it leads to ${origin}`, async () => {
      const { code, output } = await refused(['--dev'], { FERRITE_OAUTH_TEST_ORIGIN: origin });
      assert.notEqual(code, 0);
      assert.match(output, /FERRITE_OAUTH_TEST_ORIGIN/);
    });
  }
});

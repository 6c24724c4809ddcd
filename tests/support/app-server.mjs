// A web app's backend that signs users in by the token flow, as in the SSR guide of the SDK.
import { createServer } from 'node:http';
import { backend } from './web-sdk.mjs';

export async function serveBackend(generation, server, project, key) {
  const admin = backend(generation, server, project, { key });
  const pages = {
    async '/login'() {
      const provider = 'google';
      return { to: await admin.account.createOAuth2Token({ provider, success: `${origin}/oauth`, failure: `${origin}/failed` }) };
    },
    async '/oauth'({ url }) {
      const { userId, secret } = Object.fromEntries(url.searchParams);
      const session = await admin.account.createSession({ userId, secret });
      return { to: '/me', cookie: `session=${session.secret}; HttpOnly; Path=/; SameSite=Strict` };
    },
    async '/me'({ cookie }) {
      const { account } = backend(generation, server, project, { session: cookie.match(/session=([^;]+)/)?.[1] });
      const [user, session] = [await account.get(), await account.getSession({ sessionId: 'current' })];
      return { body: JSON.stringify({ user, session }) };
    },
    async '/failed'({ url }) {
      return { body: url.searchParams.get('error') };
    },
  };
  let origin = '';
  const http = createServer(async (request, response) => {
    const url = new URL(request.url, origin);
    try {
      const { to, cookie, body } = await pages[url.pathname]({ url, cookie: request.headers.cookie ?? '' });
      response.writeHead(to ? 302 : 200, { 'content-type': 'application/json', ...(to && { location: to }), ...(cookie && { 'set-cookie': cookie }) }).end(body);
    } catch (error) {
      response.writeHead(500, { 'content-type': 'application/json' }).end(JSON.stringify({ message: error.message, type: error.type }));
    }
  });
  await new Promise((resolve) => http.listen(0, '127.0.0.1', resolve));
  origin = `http://localhost:${http.address().port}`;
  return {
    origin,
    async close() {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

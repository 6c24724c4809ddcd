// A web app on another origin: a page that only loads the SDK's browser bundle.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';

export async function serveApp(generation, hostname = 'localhost') {
  const bundle = await readFile(new URL(`../node_modules/appwrite-${generation}/dist/iife/sdk.js`, import.meta.url));
  const http = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://x');
    if (pathname === '/sdk.js') return response.writeHead(200, { 'content-type': 'text/javascript' }).end(bundle);
    return response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>App</title><script src="/sdk.js"></script>');
  });
  await new Promise((resolve) => http.listen(0, '127.0.0.1', resolve));
  const origin = `http://${hostname}:${http.address().port}`;
  return {
    origin,
    success: `${origin}/welcome?from=login#top`,
    failure: `${origin}/sorry?again=1`,
    async close() {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

/** Runs an SDK call in the page: `ask(page, app, 'getSession', {sessionId: 'current'})`. */
export function ask(page, { endpoint, project }, method, params) {
  return page.evaluate(
    async ([url, id, name, given]) => {
      const client = new window.Appwrite.Client().setEndpoint(url).setProject(id);
      const account = new window.Appwrite.Account(client);
      try {
        return { value: await account[name](given) };
      } catch (error) {
        return { error: { code: error.code, type: error.type, message: error.message } };
      }
    },
    [endpoint, project, method, params],
  );
}

// Failures of a provider: an endpoint that is slow, broken, endless, or redirects elsewhere.

export const failures = {
  500: (response) => response.writeHead(500, { 'content-type': 'text/html' }).end('<h1>Internal Server Error</h1>'),
  429: (response) => response.writeHead(429, { 'content-type': 'application/json', 'retry-after': '60' }).end('{"error":"slow_down"}'),
  html: (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><p>We will be back soon'),
  'no-json': (response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"access_token":'),
  hangup: (response) => response.socket.destroy(),
  slow: (response) => response.writeHead(200, { 'content-type': 'application/json' }).write('{'), // never ends
  endless(response) {
    response.writeHead(200, { 'content-type': 'application/json' });
    const block = `"${'x'.repeat(64 * 1024)}",`;
    const pour = () => {
      while (!response.destroyed && response.write(block)) response.poured = (response.poured ?? 0) + block.length;
    };
    response.on('drain', pour).write('[');
    pour();
  },
  elsewhere: (response, mock) => response.writeHead(307, { location: `${mock.origin}/_trap` }).end(),
};

// For those who drive the mock from another process: `main.mjs` and a curl.
//   POST /_control/scenario {"fault":"denied"}   every sign-in from now on
//   GET  /_control/complaints                    what was refused, and why

export function control(mock, request, response) {
  const answer = (status, body) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  if (request.method === 'POST' && request.url.pathname === '/_control/scenario') {
    mock.scenario = JSON.parse(request.body || '{}');
    return answer(200, mock.scenario);
  }
  if (request.method === 'GET' && request.url.pathname === '/_control/complaints') return answer(200, mock.takeComplaints());
  if (request.method === 'GET' && request.url.pathname === '/_control/credentials') {
    return answer(200, mock.credentials(request.url.searchParams.get('provider')));
  }
  return answer(404, { error: 'no such control' });
}

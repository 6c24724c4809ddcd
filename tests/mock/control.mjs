// Control endpoints, to drive the mock from another process (`main.mjs`) with curl.
//   POST /_control/scenario {"fault":"denied"}   sets the scenario of all later sign-ins
//   GET  /_control/refusals                      returns and clears the refusals with their reasons

export function control(mock, request, response) {
  const answer = (status, body) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  if (request.method === 'POST' && request.url.pathname === '/_control/scenario') {
    mock.scenario = JSON.parse(request.body || '{}');
    return answer(200, mock.scenario);
  }
  if (request.method === 'GET' && request.url.pathname === '/_control/refusals') return answer(200, mock.takeRefusals());
  if (request.method === 'GET' && request.url.pathname === '/_control/credentials') {
    return answer(200, mock.credentials(request.url.searchParams.get('provider')));
  }
  return answer(404, { error: 'no such control' });
}

// Maps a request to a provider and one of its endpoints.
import { records } from './records.mjs';

const table = [...records.values()].flatMap((record) => [
  line('authorize', record, record.authorize.url),
  line('token', record, record.token.url),
  ...(record.token.alsoAt ?? []).map((url) => line('token', record, url)),
  ...(record.refresh ? [line('token', record, record.refresh.url)] : []),
  ...(record.discovery ? [line('discovery', record, record.discovery.url), line('jwks', record, record.discovery.document.jwks_uri)] : []),
  ...record.calls.map((rules) => line('call', record, rules.url, rules)),
]);

function line(endpoint, record, url, rules) {
  const pattern = url.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\w+\}/g, '[^/]+');
  return { endpoint, record, rules, pattern: new RegExp(`^${pattern}$`) };
}

export function route(request) {
  const match = request.url.pathname.match(/^\/_host\/([^/]+)(\/.*)?$/);
  if (!match) return { endpoint: request.url.pathname === '/_trap' ? 'trap' : 'nowhere' };
  request.address = `https://${match[1]}${match[2] ?? ''}`;
  return table.find(({ pattern }) => pattern.test(request.address)) ?? { endpoint: 'nowhere' };
}

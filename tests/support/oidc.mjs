// A certified OpenID provider on loopback: npm oidc-provider, with its development pages for login.
import { randomBytes } from 'node:crypto';
import { freePort } from './port.mjs';

export async function startOidc({ redirectUris, people, authMethod = 'client_secret_basic' }) {
  const { Provider } = await import('oidc-provider');
  const port = await freePort();
  const issuer = `http://localhost:${port}`;
  const credentials = { clientId: 'ferrite', clientSecret: randomBytes(24).toString('base64url') };
  const provider = quietly(() => new Provider(issuer, {
    clients: [{
      client_id: credentials.clientId,
      client_secret: credentials.clientSecret,
      redirect_uris: redirectUris,
      token_endpoint_auth_method: authMethod,
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
    }],
    cookies: { keys: [randomBytes(16).toString('hex')] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'preferred_username'] },
    scopes: ['openid', 'offline_access', 'email', 'profile'],
    features: { devInteractions: { enabled: true }, revocation: { enabled: true } },
    clientAuthMethods: [authMethod], // advertised in the metadata; others are refused
    pkce: { required: () => true },
    rotateRefreshToken: true,
    issueRefreshToken: async (_, client, code) => client.grantTypeAllowed('refresh_token') && code.scopes.has('openid'),
    ttl: { AccessToken: 600, IdToken: 600, Session: 600, Interaction: 600, Grant: 600, RefreshToken: 3600 },
    findAccount: (_, id) => people[id] && { accountId: id, claims: async () => ({ sub: id, ...people[id] }) },
  }));
  const errors = [];
  provider.on('server_error', (_, error) => errors.push(error));
  provider.on('grant.error', (_, error) => errors.push(error));
  const http = await new Promise((resolve) => { const listening = provider.listen(port, '127.0.0.1', () => resolve(listening)); });
  return {
    issuer,
    errors,
    discovery: `${issuer}/.well-known/openid-configuration`,
    stored: (extra = {}) => ({ appId: credentials.clientId, secret: JSON.stringify({ clientSecret: credentials.clientSecret, wellKnownEndpoint: `${issuer}/.well-known/openid-configuration`, ...extra }) }),
    async close() {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

/** Suppresses warnings of the provider about its development pages. */
function quietly(make) {
  const { info, warn } = console;
  console.info = () => {};
  console.warn = () => {};
  try {
    return make();
  } finally {
    Object.assign(console, { info, warn });
  }
}

/** Logs in on the provider's pages and gives consent. */
export async function logInOnPage(page, person) {
  await page.fill('input[name=login]', person);
  await page.fill('input[name=password]', 'anything');
  await page.click('button.login-submit');
  await page.click('form button[type=submit]'); // consent
}

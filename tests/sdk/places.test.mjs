// Locale and avatars with two versions of npm appwrite and node-appwrite: the reply of each method.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { Console } from '../support/console.mjs';
import { Server } from '../support/server.mjs';
import { backend, Device } from '../support/web-sdk.mjs';

let server;
let project;
let key;
let elsewhere;
let origin;

// A PNG of one red pixel.
const pixel = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC', 'base64');

before(async () => {
  elsewhere = createServer((request, response) => {
    const page = request.url === '/';
    response.setHeader('content-type', page ? 'text/html' : 'image/png');
    response.end(page ? '<link rel="icon" href="/i.png">' : pixel);
  });
  await new Promise((resolve) => { elsewhere.listen(0, '127.0.0.1', resolve); });
  origin = `http://127.0.0.1:${elsewhere.address().port}`;
  server = await Server.start();
  const developer = await Console.signUp(server);
  project = await developer.project('Places', { hostnames: ['localhost'] });
  key = await project.key(['locale.read', 'avatars.read']);
});
after(async () => {
  await server?.stop();
  elsewhere?.close();
});

const isPng = (bytes) => Buffer.from(bytes).subarray(1, 4).toString() === 'PNG';
const width = (bytes) => Buffer.from(bytes).readUInt32BE(16);

/** Checks every list and one item of each. */
async function checkLocale(locale) {
  const here = await locale.get();
  assert.deepEqual([here.ip, here.countryCode, here.country, here.eu], ['127.0.0.1', '--', 'Unknown', false]);
  const lists = {
    listCodes: ['localeCodes', { code: 'pt-br', name: 'Portuguese (Brazil)' }],
    listContinents: ['continents', { name: 'Europe', code: 'EU' }],
    listCountries: ['countries', { name: 'Germany', code: 'DE' }],
    listCountriesEU: ['countries', { name: 'Germany', code: 'DE' }],
    listCountriesPhones: ['phones', { code: '+49', countryCode: 'DE', countryName: 'Germany' }],
    listCurrencies: ['currencies', { symbol: '€', name: 'Euro', symbolNative: '€', decimalDigits: 2, rounding: 0, code: 'EUR', namePlural: 'euros' }],
    listLanguages: ['languages', { name: 'German', code: 'de', nativeName: 'Deutsch' }],
  };
  for (const [method, [field, wanted]] of Object.entries(lists)) {
    const reply = await locale[method]();
    assert.equal(reply.total, reply[field].length, method);
    assert.deepEqual({ ...reply[field].find((item) => (item.countryCode ?? item.code) === (wanted.countryCode ?? wanted.code)) }, wanted, method);
  }
}

/** Parameters of each method, and the width of its image. */
const pictures = () => ({
  getBrowser: [{ code: 'ff', width: 64, height: 64, quality: 80 }, 64],
  getCreditCard: [{ code: 'visa', width: 96, height: 64, quality: 80 }, 96],
  getFlag: [{ code: 'de', width: 40, height: 30, quality: 80 }, 40],
  getImage: [{ url: `${origin}/a.png`, width: 30, height: 20 }, 30],
  getFavicon: [{ url: `${origin}/` }, 56],
  getQR: [{ text: 'https://example.com/?a=1&b=2', size: 200, margin: 2, download: true }, 200],
  getInitials: [{ name: 'Ada Lovelace', width: 80, height: 80, background: 'fd366e' }, 80],
});

for (const web of [21, 27]) {
  describe(`appwrite ${web}`, () => {
    test('reads every list of locale', async () => {
      const device = new Device(web, server, project);
      device.use();
      await checkLocale(new device.sdk.Locale(device.client));
      device.client.setLocale('fr-CA');
      const { countries } = await new device.sdk.Locale(device.client).listCountries();
      assert.equal(countries.find(({ code }) => code === 'DE').name, 'Allemagne');
    });

    test('makes addresses of pictures that a page can show', async () => {
      const device = new Device(web, server, project);
      device.use();
      const avatars = new device.sdk.Avatars(device.client);
      for (const [method, [parameters, wide]] of Object.entries(pictures())) {
        const reply = await fetch(String(avatars[method](parameters)));
        assert.deepEqual([reply.status, reply.headers.get('content-type')], [200, 'image/png'], method);
        assert.equal(width(await reply.arrayBuffer()), wide, method);
        assert.match(reply.headers.get('cache-control'), /^private, max-age=(2592000|3888000)$/);
      }
    });
  });
}

for (const node of [20, 27]) {
  describe(`node-appwrite ${node}`, () => {
    test('reads every list of locale', async () => {
      const { sdk, client } = backend(node, server, project, { key });
      await checkLocale(new sdk.Locale(client));
    });

    test('is given the bytes of pictures', async () => {
      const { sdk, client } = backend(node, server, project, { key });
      const avatars = new sdk.Avatars(client);
      for (const [method, [parameters, wide]] of Object.entries(pictures())) {
        const bytes = await avatars[method](parameters);
        assert.ok(isPng(bytes), method);
        assert.equal(width(bytes), wide, method);
      }
      await assert.rejects(avatars.getImage({ url: 'http://10.0.0.1/a.png' }), (error) => error.code === 404);
    });
  });
}

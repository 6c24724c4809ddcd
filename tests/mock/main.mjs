// `node tests/mock/main.mjs [port]`: the mock of all providers, for manual tests.
import { Mock } from './server.mjs';

const mock = await Mock.start(Number(process.argv[2] ?? 0));
console.log(`FERRITE_OAUTH_TEST_ORIGIN=${mock.origin}`);

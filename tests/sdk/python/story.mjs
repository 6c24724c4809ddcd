// Starts a server and runs the Python scenario about databases, chapter by chapter.
import { after, before, describe, test } from 'node:test';
import { Console } from '../../support/console.mjs';
import { python } from '../../support/python.mjs';
import { Server } from '../../support/server.mjs';
import { assertPassed, runScenario } from './scenario.mjs';

const scopes = ['databases', 'tables', 'columns', 'indexes', 'rows', 'collections', 'attributes', 'documents'].flatMap((noun) => [`${noun}.read`, `${noun}.write`]);
const chapters = ['databases_and_tables', 'columns', 'indexes', 'rows_and_queries', 'relationships', 'bulk', 'operators', 'transactions'];

export function story(generation) {
  let server;
  const env = {};
  before(async () => {
    server = await Server.start();
    const project = await (await Console.signUp(server)).project('Python');
    Object.assign(env, { ENDPOINT: server.endpoint, PROJECT: project.id, KEY: (await project.key(scopes)).secret });
  });
  after(() => server?.stop());

  for (const vocabulary of ['tables', 'collections']) {
    describe(`python appwrite ${generation}, in the words of ${vocabulary}`, () => {
      let results;
      before(async () => { results = await runScenario(await python(generation), 'story.py', [vocabulary], env); });
      for (const chapter of chapters) {
        test(chapter.replaceAll('_', ' '), () => assertPassed(results, chapter));
      }
    });
  }
}

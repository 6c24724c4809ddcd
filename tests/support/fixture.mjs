// The usual fixture: a server, the mock of all providers, and a project with some of them enabled.
import { Mock } from '../mock/server.mjs';
import { Console } from './console.mjs';
import { Server } from './server.mjs';

export class Fixture {
  static async open({ providers = [], hostnames = ['localhost'], server = {} } = {}) {
    const fixture = new Fixture();
    fixture.mock = await Mock.start();
    try {
      fixture.server = await Server.start({ testOrigin: fixture.mock.origin, ...server });
      fixture.mock.clientOrigin = fixture.server.origin;
      fixture.developer = await Console.signUp(fixture.server);
      fixture.project = await fixture.developer.project('App', { hostnames });
      for (const id of providers) await fixture.enable(id);
    } catch (error) {
      await fixture.close();
      throw error;
    }
    return fixture;
  }

  enable(id, project = this.project) {
    return project.oauth2(id, this.mock.credentials(id));
  }

  async close() {
    await this.server?.stop();
    await this.mock.stop();
  }
}

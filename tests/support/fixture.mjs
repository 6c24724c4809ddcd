// The usual fixture: a server, the mock of all providers, and a project with some of them enabled.
import { Mock } from '../mock/server.mjs';
import { Console } from './console.mjs';
import { Server } from './server.mjs';

export class House {
  static async open({ providers = [], hostnames = ['localhost'], server = {} } = {}) {
    const house = new House();
    house.mock = await Mock.start();
    try {
      house.server = await Server.start({ testOrigin: house.mock.origin, ...server });
      house.mock.clientOrigin = house.server.origin;
      house.desk = await Console.signUp(house.server);
      house.project = await house.desk.project('App', { hostnames });
      for (const id of providers) await house.enable(id);
    } catch (error) {
      await house.close();
      throw error;
    }
    return house;
  }

  enable(id, project = this.project) {
    return project.oauth2(id, this.mock.credentials(id));
  }

  async close() {
    await this.server?.stop();
    await this.mock.stop();
  }
}

// Refusals of a provider. Each is recorded with its reason, so that a failing test can print what our server did wrong.

export class Refusal extends Error {
  constructor(reason, { status = 400, error = 'invalid_request' } = {}) {
    super(reason);
    this.status = status;
    this.error = error;
  }
}

export function require(condition, reason, options) {
  if (!condition) throw new Refusal(reason, options);
}

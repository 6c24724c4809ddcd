/** Repeats a call until its result is truthy, and returns it; throws after `within` ms. Used instead of fixed sleeps. */
export async function until(what, ask, { within = 15000, every = 25 } = {}) {
  const deadline = Date.now() + within;
  let last;
  do {
    try {
      const answer = await ask();
      if (answer) return answer;
      last = undefined;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, every));
  } while (Date.now() < deadline);
  throw new Error(`timed out after ${within} ms waiting for ${what}${last ? `: ${last.message}` : ''}`);
}

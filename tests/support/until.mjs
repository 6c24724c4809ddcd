/** Repeats a call until its result is truthy, and returns that; throws after `within` ms. Replaces sleeps of fixed length. */
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
  throw new Error(`waited ${within} ms in vain for ${what}${last ? `: ${last.message}` : ''}`);
}

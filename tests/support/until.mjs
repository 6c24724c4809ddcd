/** Asks again and again until the answer is there. Nothing in the suites sleeps for a fixed time. */
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

// Users of a provider. An id has the format of the ids that the provider issues.
import { randomInt } from 'node:crypto';

let count = 0;

export function person(record, wishes = {}) {
  count += 1;
  const username = wishes.username ?? `pat${count}`;
  return {
    uid: similar(record.expect.uid),
    username,
    first: 'Pat',
    last: `Exâmple ${count}`,
    name: `Pat Exâmple ${count}`,
    address: `${username}.${record.id.toLowerCase()}@people.example.test`,
    email: 'given', // or 'absent', 'null', 'empty': how the provider represents a missing address
    verified: true,
    ...wishes,
  };
}

/** A random id of the same format: the last eight digits and hexadecimal letters are replaced. */
function similar(sample) {
  const characters = [...String(sample)];
  let left = 8;
  for (let i = characters.length - 1; i > 0 && left > 0; i -= 1) {
    if (/[0-9]/.test(characters[i])) characters[i] = String(randomInt(10));
    else if (/[a-f]/.test(characters[i])) characters[i] = 'abcdef'[randomInt(6)];
    else if (/[A-F]/.test(characters[i])) characters[i] = 'ABCDEF'[randomInt(6)];
    else continue;
    left -= 1;
  }
  return characters.join('');
}

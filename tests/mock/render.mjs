// Replaces {placeholders} in a reply. A string that is only a placeholder gets the value's type; `undefined` removes
// the key.

export function render(template, values) {
  if (Array.isArray(template)) return list(template, values);
  if (template && typeof template === 'object') return object(template, values);
  if (typeof template !== 'string') return template;
  const whole = template.match(/^\{([a-z_]+[#:a-z]*)\}$/i);
  if (whole && whole[1] in values) return values[whole[1]];
  if (mentionsMissing(template, values)) return undefined;
  return template.replace(/\{([a-z_]+)\}/gi, (all, key) => (key in values ? values[key] : all));
}

function object(template, values) {
  if ('json' in template && Object.keys(template).length === 1) return JSON.stringify(render(template.json, values));
  const entries = Object.entries(template)
    .map(([key, value]) => [key, render(value, values)])
    .filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries);
}

/** Renders a list. A list of addresses is empty if the user has none. */
function list(template, values) {
  if (template.some((entry) => mentionsMissing(JSON.stringify(entry), values))) return [];
  return template.map((entry) => render(entry, values)).filter((entry) => entry !== undefined);
}

function mentionsMissing(text, values) {
  // A list of users (with ids) keeps entries without an address.
  return text.includes('{email}') && !text.includes('{uid') && !values.email;
}

export function valuesOf(person) {
  const email = { given: person.address, absent: undefined, null: null, empty: '' }[person.email];
  return {
    uid: person.uid,
    'uid#': Number(person.uid),
    username: person.username,
    first: person.first,
    last: person.last,
    name: person.name,
    address: person.address,
    email,
    'email:verified': person.verified ? email : undefined,
    verified: person.verified,
    'verified:text': String(person.verified),
    'verified:number': Number(person.verified),
    'verified:date': person.verified ? '2019-03-01T10:05:00.000Z' : null,
    'verified:present': person.verified ? true : undefined,
  };
}

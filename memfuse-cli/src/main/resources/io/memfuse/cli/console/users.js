// The users that have services: asked for now and then while the page is in sight, for they may be many.

import { count, element, plural, span, text } from './format.js';
import { get } from './remote.js';

const PERIOD = 5000;
const at = id => document.getElementById(id);

const orders = {
  seen: (a, b) => a.unseen_millis - b.unseen_millis,
  name: (a, b) => (a.user < b.user ? -1 : a.user > b.user ? 1 : 0),
  services: (a, b) => b.services.length - a.services.length,
};

let listed = [];
let more = 0;
let asked = 0;

function line(user) {
  const made = element('li');
  made.append(
    element('b', '', user.user),
    element('span', '', user.services.join(', ') || 'none yet'),
    element('time', '', user.unseen_millis < 2000 ? 'now' : span(user.unseen_millis) + ' ago'),
  );
  return made;
}

function show() {
  const sorted = [...listed].sort(orders[at('users-sort').value]);
  at('user-list').replaceChildren(...sorted.map(line));
  text(at('users-count'), plural(listed.length + more, 'user') + (more ? ', the ' + count(listed.length) + ' seen last' : ''));
  text(at('users-more'), 'and ' + count(more) + ' more');
  at('users-more').hidden = more === 0;
  at('no-users').hidden = listed.length > 0;
}

/** Looks once. */
export async function look() {
  const number = ++asked;
  try {
    const services = await get('api/services?user=' + encodeURIComponent(at('users-filter').value));
    if (number !== asked) return;
    ({ listed, more } = services);
    show();
  } catch { /* The link says that it is lost. */ }
}

/** Looks again and again, and when somebody wants to see others. */
export function keepLooking() {
  let typed;
  at('users-filter').addEventListener('input', () => { clearTimeout(typed); typed = setTimeout(look, 200); });
  at('users-sort').addEventListener('change', show);
  document.addEventListener('visibilitychange', () => { if (!document.hidden) look(); });
  setInterval(() => { if (!document.hidden) look(); }, PERIOD);
}

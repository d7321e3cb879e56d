// Joins the parts: what the server sends goes to the panels, the list and the chart.

import { Chart } from './chart.js';
import { count, plural, text } from './format.js';
import { showEvents, showPlatform, showPool, showStartup } from './panels.js';
import { called, room } from './pool.js';
import { get, hasToken, keepFollowing, post, setToken } from './remote.js';
import { Rows } from './rows.js';
import { keepLooking, look as lookAtUsers } from './users.js';

const at = id => document.getElementById(id);
const pools = new Map();
const chart = new Chart(at('chart'));
const rows = new Rows(at('rows'), at('spacer'), onSelect);
let platform;
let startup;
let writable = false;
let looked = 0;

const total = () => {
  const sum = { active: 0, idle: 0, waiting: 0, max: 0 };
  for (const row of pools.values()) {
    for (const name in sum) sum[name] += name === 'max' ? room(row) : row[name];
  }
  return sum;
};

async function onSelect(id) {
  const asked = ++looked;
  const row = id && pools.get(id);
  text(at('chart-title'), row ? called(row) : 'All pools');
  text(at('chart-sub'), (row ? row.key + ' · ' : '') + 'connections over the last five minutes');
  at('chart-all').hidden = !row;
  at('detail').hidden = !row;
  at('actions').hidden = !row || !writable;
  text(at('outcome'), '');
  if (row) {
    showPool(row, platform.at);
    at('actions').elements.min.value = row.min;
    at('actions').elements.max.value = row.max;
  }
  try {
    const history = await get('api/history' + (row ? '?pool=' + encodeURIComponent(id) : ''));
    if (asked === looked) chart.show(history);
  } catch { /* The link says that it is lost. */ }
}

function onFrame(frame) {
  if (frame.whole) pools.clear();
  for (const row of frame.pools) pools.set(row.id, row);
  for (const id of frame.gone) pools.delete(id);
  platform = frame.platform;
  showPlatform(platform, [...pools.values()]);
  showEvents(frame.whole, frame.events, pools);
  if (frame.whole && startup) showStartup(startup, pools);
  rows.show(pools);
  showCount();
  const selected = rows.selected && pools.get(rows.selected);
  if (rows.selected && !selected) { rows.select(null); return; }
  if (selected) showPool(selected, platform.at);
  chart.add(platform.at, selected || total());
}

function showCount() {
  const all = plural(pools.size, 'pool');
  text(at('pools-count'), rows.size === pools.size ? all : count(rows.size) + ' of ' + all);
  at('none').hidden = rows.size > 0;
}

function showLink(state, message) {
  at('link').dataset.link = state;
  text(at('link'), message);
  document.body.classList.toggle('lost', state !== 'live');
}

keepFollowing(
  onFrame,
  async () => {
    startup = await get('api/startup');
    writable = startup.writable;
    text(at('mode'), writable ? (hasToken() ? 'changes allowed' : 'enter the token to change pools') : 'read-only: started without a token');
    at('token-button').hidden = !writable;
    showStartup(startup, pools);
    showLink('live', 'live');
    lookAtUsers();
    await onSelect(rows.selected);
  },
  (why, status) => {
    showLink('lost', (status ? why : 'connection lost: ' + why) + '; trying again');
    if (status === 401) { at('token-button').hidden = false; at('token-dialog').open || at('token-dialog').showModal(); }
  },
);

keepLooking();
at('filter').addEventListener('input', e => { rows.filter = e.target.value; rows.update(); showCount(); });
at('troubled').addEventListener('change', e => { rows.troubled = e.target.checked; rows.update(); showCount(); });
at('sort').addEventListener('change', e => { rows.order = e.target.value; rows.update(); });
at('chart-all').addEventListener('click', () => rows.select(rows.selected));
document.addEventListener('keydown', e => {
  if (e.key === '/' && !/INPUT|SELECT/.test(e.target.tagName)) { e.preventDefault(); at('filter').focus(); }
});

at('token-button').addEventListener('click', () => at('token-dialog').showModal());
at('token-dialog').addEventListener('close', e => {
  if (e.target.returnValue === 'ok' && at('token').value) {
    setToken(at('token').value);
    text(at('mode'), 'changes allowed');
  }
  at('token').value = '';
});

at('actions').addEventListener('submit', e => e.preventDefault());
at('actions').addEventListener('click', async e => {
  const action = e.target.dataset.action;
  if (!action || !rows.selected) return;
  if (!hasToken()) { at('token-dialog').showModal(); return; }
  const fields = at('actions').elements;
  const query = action === 'resize' ? `?min=${encodeURIComponent(fields.min.value)}&max=${encodeURIComponent(fields.max.value)}` : '';
  text(at('outcome'), '…');
  try {
    const key = pools.get(rows.selected).key;
    text(at('outcome'), (await post('api/pools/' + encodeURIComponent(key) + '/' + action + query)).done);
  } catch (failure) {
    text(at('outcome'), failure.message);
  }
});

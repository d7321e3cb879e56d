// What is not the list and not the chart: the figures at the top, the events, the start-up report, one pool's facts.

import { clock, count, element, millis, percent, plural, rate, span, text } from './format.js';
import { called, healthOf, isNotOpen, room } from './pool.js';

const at = id => document.getElementById(id);

export function showPlatform(platform, pools) {
  const sum = name => pools.reduce((total, row) => total + row[name], 0);
  const health = at('health');
  health.dataset.health = platform.health;
  text(health, platform.health);
  text(at('reason'), (platform.ready ? '' : 'not ready · ') + platform.health_reason);
  document.title = (platform.health === 'UP' ? '' : platform.health + ' · ') + 'MemFuse';

  text(at('active'), count(sum('active')));
  text(at('open'), count(sum('total')));
  text(at('waiting'), count(sum('waiting')));
  at('waiting').classList.toggle('hot', sum('waiting') > 0);
  text(at('room'), count(pools.reduce((total, row) => total + room(row), 0)));
  text(at('rate'), rate(sum('acquired_per_second')));
  text(at('slowest'), millis(Math.max(0, ...pools.map(row => row.wait_p99_millis))));
  text(at('timeouts'), count(sum('timed_out')));
  showTrouble('refused', sum('refused'), ' refused');
  showTrouble('leaked', sum('leaked'), ' held too long');

  const { lock, services } = platform;
  text(at('lock-rate'), rate(lock.acquired_per_second));
  text(at('lock-contended'), count(lock.contended));
  text(at('lock-total'), count(lock.reads + lock.writes));
  text(at('lock-wait'), millis(lock.wait_p99_millis));
  text(at('hit-rate'), percent(services.recent_hit_rate));
  text(at('requests'), rate(services.requests_per_second));
  text(at('users'), plural(services.users, 'user'));
  text(at('services'), plural(services.services, 'service'));
  text(at('loads'), count(services.loads) + ' made');
}

function showTrouble(id, number, what) {
  at(id).hidden = number === 0;
  text(at(id), ' · ' + count(number) + what);
}

function nameOf(key, rows) {
  const row = rows.get(key);
  return row?.names.length ? called(row) : key;
}

const titles = { OPENED: 'opened', OPEN_FAILED: 'open failed', CONNECT_FAILED: 'connect failed', TIMED_OUT: 'timed out', LEAKED: 'held too long', EVICTED: 'evicted', CLOSED: 'closed', ASKED: 'asked for here' };
const MOST_EVENTS = 300;

/** @param rows the pools that there are: they are called by their names, and others by their key */
export function showEvents(whole, events, rows) {
  const list = at('events');
  if (whole) list.replaceChildren();
  for (const event of events) {
    const line = element('li', 'k-' + event.kind.toLowerCase());
    line.id = 'event-' + event.id;
    const what = element('b', '', titles[event.kind] + (event.count > 1 ? ' × ' + count(event.count) : ''));
    const detail = element('span', '', nameOf(event.pool, rows));
    detail.title = event.pool;
    line.append(element('time', '', clock(event.at)), what, detail);
    if (event.text) line.append(element('small', '', event.text));
    const former = document.getElementById(line.id);
    if (former) former.replaceWith(line); else list.prepend(line);
  }
  while (list.childElementCount > MOST_EVENTS) list.lastElementChild.remove();
  at('no-events').hidden = list.childElementCount > 0;
}

/** @param rows as above */
export function showStartup(report, rows) {
  const entries = [
    ...report.pools.map(entry => ({ ...entry, name: nameOf(entry.key, rows), title: entry.key, note: plural(entry.connections, 'connection') })),
    ...report.services.map(entry => ({ ...entry, name: entry.service + ' of ' + entry.user, title: '', note: '' })),
  ];
  const failed = entries.filter(entry => entry.error);
  text(at('startup-sub'), 'ready in ' + span(report.ready_millis).replace(/^0 s$/, report.ready_millis + ' ms')
    + (failed.length ? ' · ' + failed.length + ' of ' + entries.length + ' failed' : ''));
  at('startup').replaceChildren(...[...failed, ...entries.filter(entry => !entry.error)].map(entry => {
    const line = element('li', entry.error ? 'bad' : '');
    line.title = entry.title;
    line.append(element('b', '', entry.name), element('span', '', [entry.state.toLowerCase(), entry.note, millis(entry.millis)].filter(s => s && s !== '–').join(' · ')));
    if (entry.error) line.append(element('small', '', entry.error));
    return line;
  }));
}

export function showPool(row, now) {
  const facts = [
    ...(row.names.length ? [['called', row.names.join(', ')]] : []),
    ['state', row.state.toLowerCase()],
    ['health', healthOf(row) + (isNotOpen(row) ? '' : ' for ' + span(now - row.health_since))],
    ['reason', row.health_reason],
    ['sizes', row.min + ' to ' + row.max],
    ['oldest waiter', row.waiting ? 'waits for ' + (row.oldest_waiter_millis < 100 ? 'a moment' : millis(row.oldest_waiter_millis)) : 'nobody waits'],
    ['handed out', count(row.acquired)],
    ['timed out', count(row.timed_out)],
    ['refused', count(row.refused)],
    ['held too long', count(row.leaked)],
    ['connections made', count(row.connected) + (row.connect_failed ? ', ' + count(row.connect_failed) + ' failed' : '')],
    ['times opened', count(row.opened) + (row.open_failed ? ', ' + count(row.open_failed) + ' failed' : '')],
  ];
  if (row.last_failure) facts.push(['last failure', row.last_failure]);
  const list = at('facts');
  const key = facts.map(([name]) => name).join();
  if (list.dataset.key !== key) {
    list.dataset.key = key;
    list.replaceChildren(...facts.map(([name]) => {
      const fact = element('div');
      fact.append(element('dt', '', name), element('dd'));
      return fact;
    }));
  }
  facts.forEach(([, value], i) => text(list.children[i].lastChild, value));
}

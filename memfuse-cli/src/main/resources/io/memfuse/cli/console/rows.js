// The list of pools: only the rows that are in sight exist, so that a thousand pools cost what twenty do.

import { count, element, millis, rate, text } from './format.js';
import { called, healthOf, isNotOpen } from './pool.js';

const rank = { DOWN: 0, DEGRADED: 1, UP: 2 };
const byName = (a, b) => {
  const one = called(a) + ' ' + a.id;
  const other = called(b) + ' ' + b.id;
  return one < other ? -1 : one > other ? 1 : 0;
};

const trouble = row => rank[row.health] * 10 + (row.waiting > 0 ? 0 : 1);

const orders = {
  name: byName,
  trouble: (a, b) => trouble(a) - trouble(b) || byName(a, b),
  active: (a, b) => b.active - a.active || byName(a, b),
  waiting: (a, b) => b.waiting - a.waiting || byName(a, b),
  rate: (a, b) => b.acquired_per_second - a.acquired_per_second || byName(a, b),
  p99: (a, b) => (b.wait_p99_millis ?? -1) - (a.wait_p99_millis ?? -1) || byName(a, b),
  timeouts: (a, b) => b.timed_out - a.timed_out || byName(a, b),
};

const numbers = ['active', 'waiting', 'acquired_per_second', 'wait_p50_millis', 'wait_p99_millis', 'timed_out'];
const shown = { active: count, waiting: count, acquired_per_second: rate, wait_p50_millis: millis, wait_p99_millis: millis, timed_out: count };
const labels = { active: 'in use', waiting: 'waiting', acquired_per_second: 'per second', wait_p50_millis: 'p50', wait_p99_millis: 'p99', timed_out: 'timed out' };

class Row {
  element = element('div', 'row');
  #name = element('b');
  #where = element('small');
  #pill = element('span', 'pill');
  #state = element('small');
  #bar = element('div', 'bar');
  #parts = ['active', 'idle', 'waiting'].map(name => element('i', 'b-' + name));
  #cells = new Map(numbers.map(name => [name, element('span', 'n n-' + name)]));

  constructor() {
    this.element.setAttribute('role', 'option');
    const title = element('div', 'name');
    title.append(this.#name, this.#where);
    const health = element('div', 'health');
    health.append(this.#pill, this.#state);
    this.#bar.append(...this.#parts);
    for (const [name, cell] of this.#cells) cell.dataset.label = labels[name];
    this.element.append(title, health, this.#bar, ...this.#cells.values());
  }

  show(row, top, selected, position, size) {
    this.element.id = 'pool-' + position;
    this.element.dataset.id = row.id;
    this.element.style.top = top + 'px';
    this.element.setAttribute('aria-selected', selected);
    this.element.setAttribute('aria-posinset', position + 1);
    this.element.setAttribute('aria-setsize', size);
    text(this.#name, called(row));
    text(this.#where, row.user + '@' + row.server + (called(row) === row.database ? '' : '/' + row.database) + ' · ' + row.provider);
    this.element.title = row.key + (row.health === 'UP' && !isNotOpen(row) ? '' : '\n' + row.health_reason);
    this.#pill.dataset.health = isNotOpen(row) ? '' : row.health;
    text(this.#pill, healthOf(row));
    text(this.#state, isNotOpen(row) ? '' : row.state === 'OPEN' && row.health !== 'UP' ? row.health_reason : row.state.toLowerCase());
    const most = Math.max(row.max, row.active + row.idle + row.waiting, 1);
    this.#parts.forEach((part, i) => { part.style.width = (100 * [row.active, row.idle, row.waiting][i]) / most + '%'; });
    for (const [name, cell] of this.#cells) {
      text(cell, name === 'active' && row.max > 0 ? row.active + '/' + row.max : shown[name](row[name]));
      cell.classList.toggle('zero', !row[name]);
      cell.classList.toggle('hot', row[name] > 0 && (name === 'waiting' || name === 'timed_out'));
    }
  }
}

export class Rows {
  #box;
  #spacer;
  #onSelect;
  #made = [];
  #pools = new Map();
  #visible = [];
  selected = null;
  order = 'trouble';
  filter = '';
  troubled = false;

  constructor(box, spacer, onSelect) {
    this.#box = box;
    this.#spacer = spacer;
    this.#onSelect = onSelect;
    box.addEventListener('scroll', () => this.#draw(), { passive: true });
    new ResizeObserver(() => this.#draw()).observe(box);
    box.addEventListener('click', e => this.select(e.target.closest('.row')?.dataset.id ?? null));
    box.addEventListener('keydown', e => this.#onKey(e));
  }

  show(pools) {
    this.#pools = pools;
    this.update();
  }

  update() {
    const words = this.filter.toLowerCase().split(/\s+/).filter(Boolean);
    const matches = row => {
      if (this.troubled && row.health === 'UP' && row.waiting === 0) return false;
      const all = (called(row) + ' ' + row.id + ' ' + row.state + ' ' + healthOf(row)).toLowerCase();
      return words.every(word => all.includes(word));
    };
    this.#visible = [...this.#pools.values()].filter(matches).sort(orders[this.order]);
    this.#draw();
  }

  get size() { return this.#visible.length; }

  select(id) {
    this.selected = id === this.selected ? null : id;
    this.#draw();
    this.#onSelect(this.selected);
  }

  #height() {
    return Number.parseInt(getComputedStyle(this.#box).getPropertyValue('--row'), 10);
  }

  #draw() {
    const height = this.#height();
    this.#spacer.style.height = this.#visible.length * height + 'px';
    this.#box.style.setProperty('--count', this.#visible.length);
    const first = Math.max(0, Math.floor(this.#box.scrollTop / height) - 2);
    const last = Math.min(this.#visible.length, Math.ceil((this.#box.scrollTop + this.#box.clientHeight) / height) + 2);
    const needed = Math.max(0, last - first);
    while (this.#made.length < needed) {
      const row = new Row();
      this.#made.push(row);
      this.#spacer.append(row.element);
    }
    this.#made.forEach((row, i) => {
      row.element.hidden = i >= needed;
      if (i < needed) {
        const pool = this.#visible[first + i];
        row.show(pool, (first + i) * height, pool.id === this.selected, first + i, this.#visible.length);
        if (pool.id === this.selected) this.#box.setAttribute('aria-activedescendant', row.element.id);
      }
    });
  }

  #onKey(e) {
    const at = this.#visible.findIndex(row => row.id === this.selected);
    const to = { ArrowDown: at + 1, ArrowUp: at < 0 ? 0 : at - 1, Home: 0, End: this.#visible.length - 1, PageDown: at + 10, PageUp: at - 10 }[e.key];
    if (e.key === 'Escape' && this.selected) this.select(this.selected);
    if (to === undefined || this.#visible.length === 0) return;
    e.preventDefault();
    const index = Math.min(Math.max(to, 0), this.#visible.length - 1);
    const height = this.#height();
    const { scrollTop, clientHeight } = this.#box;
    if (index * height < scrollTop) this.#box.scrollTop = index * height;
    if ((index + 1) * height > scrollTop + clientHeight) this.#box.scrollTop = (index + 1) * height - clientHeight;
    if (this.#visible[index].id !== this.selected) this.select(this.#visible[index].id);
  }
}

// The stacked chart: in use, idle and waiting against the maximum, one point a second.

import { count } from './format.js';
import uPlot from './uplot/uPlot.esm.js';

const LENGTH = 300;
const HEIGHT = 230;

const color = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const stack = history => [
  history.at.map(ms => ms / 1000),
  history.active.map((n, i) => n + history.idle[i] + history.waiting[i]),
  history.active.map((n, i) => n + history.idle[i]),
  history.active,
  history.max,
];

function options(width) {
  const axis = { stroke: color('--faint'), font: '12px system-ui, sans-serif', ticks: { show: false } };
  const area = (label, name) => ({ label, stroke: color(name), width: 1, fill: color(name + '-fill'), points: { show: false } });
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { y: false, points: { size: 6 }, drag: { x: false, y: false } },
    scales: { y: { range: (u, min, max) => [0, Math.max(5, Math.ceil(max * 1.08))] } },
    axes: [
      { ...axis, size: 26, gap: 8, grid: { show: false }, values: (u, ticks) => ticks.map(t => new Date(t * 1000).toLocaleTimeString('en-GB').slice(0, u.width < 500 ? 5 : 8)), space: 90 },
      { ...axis, grid: { stroke: color('--line'), width: 1 }, size: 46, values: (u, ticks) => ticks.map(count), incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000] },
    ],
    series: [
      {},
      area('waiting', '--waiting'), area('idle', '--idle'), area('in use', '--active'),
      { label: 'maximum', stroke: color('--max'), width: 1.5, dash: [5, 5], points: { show: false } },
    ],
  };
}

export class Chart {
  #box;
  #plot;
  #history = { at: [], active: [], idle: [], waiting: [], max: [] };

  constructor(box) {
    this.#box = box;
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#make());
    new ResizeObserver(() => this.#plot?.setSize({ width: box.clientWidth, height: HEIGHT })).observe(box);
  }

  #make() {
    this.#plot?.destroy();
    this.#plot = new uPlot(options(this.#box.clientWidth), stack(this.#history), this.#box);
  }

  show(history) {
    this.#history = history;
    if (this.#plot) this.#plot.setData(stack(history)); else this.#make();
  }

  add(at, { active, idle, waiting, max }) {
    const history = this.#history;
    if (at <= (history.at.at(-1) ?? 0)) return;
    const point = { at, active, idle, waiting, max };
    for (const name in point) {
      history[name].push(point[name]);
      if (history[name].length > LENGTH) history[name].shift();
    }
    if (!document.hidden && this.#plot) this.#plot.setData(stack(history));
  }
}

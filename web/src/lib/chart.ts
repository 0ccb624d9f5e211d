// uPlot charts in the house's style: UTC, IBM Plex, lines with their 95 % band, nothing that moves by itself.
import uPlot from 'uplot';
import { zuluShort } from './time';

export interface Line { label: string; colour: string; dash?: number[]; values: (number | null)[]; low?: (number | null)[]; high?: (number | null)[] }
export interface Plot { x_s: number[]; lines: Line[]; unit: string; now_s: number | null; min?: number; max?: number; span_s?: [number, number]; ink: string; grid: string; future: string; zulu?: (ms: number) => string }

function series(plot: Plot): { series: uPlot.Series[]; bands: uPlot.Band[]; data: uPlot.AlignedData } {
  const all: uPlot.Series[] = [{}], bands: uPlot.Band[] = [], data: (number | null)[][] = [plot.x_s];
  for (const line of plot.lines) {
    const stroke = line.colour;
    all.push({ label: line.label, stroke, width: 2, dash: line.dash ?? [], points: { show: (u) => u.data[0].length < 3 }, spanGaps: true });
    data.push(line.values);
    if (line.low && line.high) {
      const edge: uPlot.Series = { stroke: `${line.colour}70`, width: 0.6, points: { show: false }, spanGaps: true };
      all.push({ ...edge }, { ...edge });
      bands.push({ series: [all.length - 1, all.length - 2], fill: `${line.colour}33` });
      data.push(line.low, line.high);
    }
  }
  return { series: all, bands, data: data as uPlot.AlignedData };
}

/** Shades what lies after now. */
function future(plot: () => Plot): uPlot.Plugin {
  return {
    hooks: {
      drawClear: (u) => {
        const { now_s, future: fill, ink } = plot();
        if (now_s === null) return;
        const { left, top, width, height } = u.bbox, x = Math.max(left, Math.min(left + width, u.valToPos(now_s, 'x', true)));
        u.ctx.save();
        u.ctx.fillStyle = fill;
        u.ctx.fillRect(x, top, left + width - x, height);
        u.ctx.fillStyle = ink;
        u.ctx.fillRect(x, top, 1.5, height);
        u.ctx.restore();
      },
    },
  };
}

export class Chart {
  private u: uPlot | null = null;
  private shape = '';
  private plot: Plot | null = null;
  constructor(private readonly at: HTMLElement) {}

  draw(plot: Plot, width: number, height: number): void {
    this.plot = plot;
    const { series: all, bands, data } = series(plot);
    const shape = `${plot.lines.map((one) => `${one.label}${one.colour}${Boolean(one.low)}`).join()}|${plot.ink}|${plot.min}|${plot.max}`;
    if (this.u && shape === this.shape) {
      if (this.u.width !== width || this.u.height !== height) this.u.setSize({ width, height });
      this.u.setData(data);
      return;
    }
    this.u?.destroy();
    this.shape = shape;
    const axis = { stroke: plot.ink, grid: { stroke: plot.grid, width: 1 }, ticks: { stroke: plot.grid, width: 1, size: 4 }, font: '12px "IBM Plex Mono", monospace' };
    this.u = new uPlot(
      {
        width, height, series: all, bands, legend: { show: false }, cursor: { show: false },
        tzDate: (s) => uPlot.tzDate(new Date(s * 1e3), 'Etc/UTC'),
        scales: { x: { time: true, range: (_, low, high) => this.plot?.span_s ?? [low ?? 0, high ?? 1] }, y: { range: (_, low, high) => [plot.min ?? Math.min(0, low ?? 0), plot.max ?? Math.max((high ?? 1) * 1.06, 1)] } },
        axes: [
          { ...axis, size: 28, space: 60, values: (_, ticks) => ticks.map((s) => zuluShort(s * 1000)) },
          { ...axis, size: 52, space: 18, values: (_, ticks) => ticks.map((v) => (plot.unit === '%' ? `${Math.round(v)} %` : String(v))) },
        ],
        plugins: [future(() => this.plot!)],
        padding: [8, 24, 0, 0],
      },
      data, this.at,
    );
  }

  destroy(): void {
    this.u?.destroy();
    this.u = null;
  }
}

// Values with their intervals, one mark for each series in each category; the seeds' own values stand behind
// as faint dots, because the seed is the unit of the study.

import type { CustomSeriesRenderItemAPI, CustomSeriesRenderItemReturn } from "echarts";
import type { EChartsCoreOption } from "echarts/core";
import type { Dots, DotPoint, DotSeries } from "./data";
import {
  axisLabel, categoryAxisStyle, colour, FONT_SIZE, fontFamily, formatNumber, formatValue, muted, paper, shortened,
  textWidth, valueAxisStyle,
} from "./theme";
import { tooltip, tooltipStyle } from "./tooltip";

const RIGHT = 12;
const TOP = 10;
const LYING_ROW = 34;

export function dotsHeight(dots: Dots, width: number): number {
  if (dots.lying) return dots.categories.length * LYING_ROW + 60;
  return layout(dots, width).bottom + (dots.joined ? 250 : 190);
}

export function dotsOption(dots: Dots, series: DotSeries[], width: number): EChartsCoreOption {
  const { left, bottom, rotated, band } = layout(dots, width);
  const step = Math.min(15, (band * 0.84) / Math.max(1, series.length));
  const categoryAxis = {
    type: "category",
    data: dots.categories.map(shortened),
    inverse: dots.lying,
    name: dots.categoryTitle,
    nameLocation: "middle",
    nameGap: bottom - 14,
    nameTextStyle: { color: muted, fontSize: FONT_SIZE, fontFamily: fontFamily() },
    axisLabel: { ...axisLabel(), interval: rotated || dots.joined === false ? 0 : "auto", rotate: rotated ? 45 : 0 },
    ...categoryAxisStyle(),
  };
  const valueAxis = {
    type: "value",
    min: dots.min ?? undefined,
    max: dots.max ?? undefined,
    scale: true,
    interval: tickInterval(dots),
    splitNumber: 4,
    axisLabel: { ...axisLabel(), formatter: (value: number) => tick(dots, value) },
    ...valueAxisStyle(),
  };
  return {
    animation: false,
    grid: { left, right: RIGHT, top: TOP, bottom, outerBoundsMode: "none" },
    xAxis: dots.lying ? valueAxis : categoryAxis,
    yAxis: dots.lying ? categoryAxis : valueAxis,
    tooltip: {
      ...tooltipStyle(),
      trigger: "axis",
      axisPointer: { type: "shadow", axis: dots.lying ? "y" : "x", shadowStyle: { color: "var(--shade)" } },
      formatter: (hit: unknown) => describe(dots, series, hit),
    },
    series: [...reference(dots), ...series.map((one, index) => marks(dots, one, (index - (series.length - 1) / 2) * step, step))],
  };
}

function layout(dots: Dots, width: number) {
  const longest = Math.max(0, ...dots.categories.map((name) => textWidth(shortened(name))));
  if (dots.lying) {
    const left = Math.min(longest + 16, width * 0.5);
    return { left, bottom: 30, rotated: false, band: LYING_ROW };
  }
  const left = 44;
  const band = (width - left - RIGHT) / Math.max(1, dots.categories.length);
  const rotated = !dots.joined && longest > band - 6;
  const title = dots.categoryTitle === "" ? 0 : 20;
  return { left, bottom: (rotated ? longest * 0.71 + 18 : 26) + title, rotated, band };
}

/** Quarters of a whole, and halves of either side of no difference; elsewhere the axis chooses. */
function tickInterval(dots: Dots): number | undefined {
  if (dots.max === null || dots.min === null) return undefined;
  if (dots.min === -dots.max) return dots.max / 2;
  return dots.unit === "PERCENT" ? (dots.max - dots.min) / 4 : undefined;
}

function tick(dots: Dots, value: number): string {
  return dots.unit === "PLAIN" ? formatNumber(value) : formatNumber(value * 100) + (dots.unit === "PERCENT" ? "%" : "");
}

function reference(dots: Dots) {
  if (dots.reference === null) return [];
  const at = dots.reference;
  return [{
    type: "custom",
    silent: true,
    z: 1,
    data: [[0, at]],
    encode: dots.lying ? { x: 1, y: 0 } : { x: 0, y: 1 },
    tooltip: { show: false },
    renderItem: (frame: { coordSys: unknown }, api: CustomSeriesRenderItemAPI): CustomSeriesRenderItemReturn => {
      const box = frame.coordSys as { x: number; y: number; width: number; height: number };
      const [x = 0, y = 0] = api.coord(dots.lying ? [at, 0] : [0, at]);
      const shape = dots.lying
        ? { x1: x, y1: box.y, x2: x, y2: box.y + box.height }
        : { x1: box.x, y1: y, x2: box.x + box.width, y2: y };
      return { type: "line", shape, style: { stroke: muted, lineWidth: 1, lineDash: [2, 3] } };
    },
  }];
}

function marks(dots: Dots, series: DotSeries, shift: number, step: number) {
  const stroke = series.baseline ? muted : colour(series.slot);
  const measured = series.points.flatMap((point, category) => (point === null ? [] : [{ point, category }]));
  const size = Math.max(2.2, Math.min(4.5, step * 0.34));
  return {
    type: "custom",
    name: series.name,
    data: measured.map(({ point, category }) => (dots.lying ? [point.value, category] : [category, point.value])),
    z: 3,
    renderItem: (item: { dataIndex: number }, api: CustomSeriesRenderItemAPI): CustomSeriesRenderItemReturn => {
      const here = measured[item.dataIndex];
      if (here === undefined) return { type: "group", children: [] };
      const place = (category: number, value: number): [number, number] => {
        const [x = 0, y = 0] = api.coord(dots.lying ? [value, category] : [category, value]);
        return dots.lying ? [x, y + shift] : [x + shift, y];
      };
      const before = measured[item.dataIndex - 1];
      const children: object[] = [];
      if (dots.joined && before !== undefined) {
        children.push(line(place(before.category, before.point.value), place(here.category, here.point.value), {
          stroke, lineWidth: 1.5, lineDash: series.baseline ? [5, 4] : undefined, opacity: 0.75,
        }));
      }
      for (const value of here.point.seeds) {
        const [x, y] = place(here.category, value);
        const [cx, cy] = dots.lying ? [x, y - size * 0.9] : [x - size * 0.9, y];
        children.push({ type: "circle", shape: { cx, cy, r: 1.6 }, style: { fill: stroke, opacity: 0.45 } });
      }
      children.push(...interval(here.point, here.category, place, stroke));
      const [x, y] = place(here.category, here.point.value);
      children.push(symbol(series.baseline ? 0 : series.slot, x, y, size, { fill: stroke, stroke: paper, lineWidth: 1 }));
      return { type: "group", children } as CustomSeriesRenderItemReturn;
    },
  };
}

function interval(point: DotPoint, category: number, place: (category: number, value: number) => [number, number], stroke: string) {
  if (point.low === null || point.high === null) return [];
  return [line(place(category, point.low), place(category, point.high), { stroke, lineWidth: 1.6 })];
}

function line([x1, y1]: [number, number], [x2, y2]: [number, number], style: object) {
  return { type: "line", shape: { x1, y1, x2, y2 }, style };
}

/** Series differ in shape as well as colour, for readers and printers without colours. */
function symbol(slot: number, x: number, y: number, size: number, style: object): object {
  switch (slot % 4) {
    case 1:
      return { type: "rect", shape: { x: x - size * 0.9, y: y - size * 0.9, width: size * 1.8, height: size * 1.8 }, style };
    case 2:
      return { type: "polygon", shape: { points: [[x, y - size * 1.35], [x + size * 1.35, y], [x, y + size * 1.35], [x - size * 1.35, y]] }, style };
    case 3:
      return { type: "polygon", shape: { points: [[x, y - size * 1.2], [x + size * 1.25, y + size], [x - size * 1.25, y + size]] }, style };
    default:
      return { type: "circle", shape: { cx: x, cy: y, r: size }, style };
  }
}

function describe(dots: Dots, series: DotSeries[], hit: unknown): HTMLElement | string {
  const first = (Array.isArray(hit) ? hit[0] : hit) as { value?: number[] } | undefined;
  const category = first?.value?.[dots.lying ? 1 : 0];
  if (category === undefined) return "";
  const format = (value: number) => formatValue(dots.unit, value);
  const lines = series.flatMap((one) => {
    const point = one.points[category];
    if (point === null || point === undefined) return [];
    return [{
      colour: one.baseline ? muted : colour(one.slot),
      name: one.name,
      value: format(point.value),
      detail: point.low === null || point.high === null ? "" : `${format(point.low)} to ${format(point.high)}`,
    }];
  });
  return tooltip(dots.joined ? `${dots.categoryTitle} ${dots.categories[category]}` : dots.categories[category] ?? "", lines);
}

// Loss over tokens seen, a line for each arm and seed, with a mark where interventions enter.

import type { EChartsCoreOption } from "echarts/core";
import type { Curves, CurveSeries } from "./data";
import { axisLabel, colour, fontFamily, FONT_SIZE, formatNumber, formatTokens, ink, muted, shortened, textWidth, valueAxisStyle } from "./theme";
import { tooltip, tooltipStyle } from "./tooltip";

/** The fall from random initialisation would flatten all that follows, so it may run off the top. */
export const UNSHOWN_SHARE = 0.1;

export function curvesHeight(width: number): number {
  return Math.max(240, Math.min(380, width * 0.5));
}

export function curvesOption(curves: Curves, series: CurveSeries[], width: number): EChartsCoreOption {
  const { low, high } = range(curves);
  const rows = Math.max(1, ...markRows(curves, width).map((mark) => mark.row + 1));
  return {
    animation: false,
    grid: { left: 44, right: 18, top: 8 + rows * 16, bottom: 46, outerBoundsMode: "none" },
    xAxis: {
      type: "value",
      min: 0,
      max: curves.endTokens,
      name: "tokens seen",
      nameLocation: "middle",
      nameGap: 28,
      nameTextStyle: { color: muted, fontSize: FONT_SIZE, fontFamily: fontFamily() },
      splitNumber: width < 500 ? 3 : 6,
      axisLabel: { ...axisLabel(), formatter: formatTokens, hideOverlap: true, alignMaxLabel: "right" },
      ...valueAxisStyle(),
      axisLine: { show: true, lineStyle: { color: muted } },
      splitLine: { show: false },
    },
    yAxis: {
      type: "value",
      min: low,
      max: high,
      splitNumber: 5,
      axisLabel: { ...axisLabel(), formatter: (value: number) => formatNumber(value), showMinLabel: false, showMaxLabel: false },
      ...valueAxisStyle(),
    },
    tooltip: {
      ...tooltipStyle(),
      trigger: "axis",
      axisPointer: { type: "line", lineStyle: { color: muted, type: "solid" } },
      formatter: (hits: unknown) => describe(series, hits),
    },
    series: series.map((one, index) => ({
      type: "line",
      name: one.name,
      data: one.points,
      showSymbol: false,
      silent: true,
      emphasis: { disabled: true },
      itemStyle: { color: colour(one.slot) },
      lineStyle: { color: colour(one.slot), width: 1.4, opacity: 0.9, type: dash(one.slot) },
      markLine: index === 0 ? markLines(curves, width) : undefined,
    })),
  };
}

function dash(slot: number): "solid" | number[] {
  return slot < 8 ? "solid" : [6, 3];
}

function range(curves: Curves): { low: number; high: number } {
  let low = Infinity;
  let high = -Infinity;
  for (const { points } of curves.series) {
    const settled = points.filter(([tokens]) => tokens >= curves.endTokens * UNSHOWN_SHARE);
    for (const [, value] of settled.length > 0 ? settled : points) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  const margin = (high - low) * 0.05 || 0.1;
  return { low: Math.max(0, low - margin), high: high + margin };
}

/** Onsets that lie close together get their names in rows above one another. */
function markRows(curves: Curves, width: number) {
  const perToken = (width - 62) / curves.endTokens;
  const ends: number[] = [];
  return curves.marks.map((mark) => {
    const half = textWidth(shortened(mark.label)) / 2 + 4;
    const centre = mark.tokens * perToken;
    let row = ends.findIndex((end) => end < centre - half);
    if (row < 0) row = ends.length;
    ends[row] = centre + half;
    return { ...mark, row };
  });
}

function markLines(curves: Curves, width: number) {
  return {
    silent: true,
    symbol: "none",
    animation: false,
    lineStyle: { color: ink, type: [3, 3], width: 1, opacity: 0.7 },
    data: markRows(curves, width).map(({ tokens, label, row }) => ({
      xAxis: tokens,
      label: {
        formatter: () => shortened(label),
        color: ink,
        fontSize: FONT_SIZE,
        fontFamily: fontFamily(),
        position: "end",
        distance: 4 + row * 16,
        align: tokens === 0 ? "left" : "center",
      },
    })),
  };
}

function describe(series: CurveSeries[], hits: unknown): HTMLElement | string {
  const found = (Array.isArray(hits) ? hits : [hits]) as { seriesIndex: number; value: [number, number] }[];
  if (found.length === 0) return "";
  const lines = found.slice(0, 12).flatMap(({ seriesIndex, value }) => {
    const one = series[seriesIndex];
    if (one === undefined) return [];
    return [{ colour: colour(one.slot), name: one.name, value: formatNumber(value[1], 4), detail: "seed " + one.seed }];
  });
  return tooltip(formatTokens(found[0]?.value[0] ?? 0) + " tokens", lines);
}

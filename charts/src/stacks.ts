// Tokens of each stream, stacked, a bar for each arm.

import type { EChartsCoreOption } from "echarts/core";
import type { Stacks, StackSeries } from "./data";
import { axisLabel, categoryAxisStyle, colour, formatPercent, formatTokens, paper, shortened, textWidth, valueAxisStyle } from "./theme";
import { tooltip, tooltipStyle } from "./tooltip";

const LEFT = 52;
const RIGHT = 12;

export function stacksHeight(stacks: Stacks, width: number): number {
  return layout(stacks, width).bottom + 250;
}

export function stacksOption(stacks: Stacks, series: StackSeries[], width: number): EChartsCoreOption {
  const { bottom, rotated } = layout(stacks, width);
  return {
    animation: false,
    grid: { left: LEFT, right: RIGHT, top: 12, bottom, outerBoundsMode: "none" },
    xAxis: {
      type: "category",
      data: stacks.categories.map(shortened),
      axisLabel: { ...axisLabel(), interval: 0, rotate: rotated ? 45 : 0 },
      ...categoryAxisStyle(),
    },
    yAxis: {
      type: "value",
      splitNumber: 4,
      axisLabel: { ...axisLabel(), formatter: formatTokens },
      ...valueAxisStyle(),
    },
    tooltip: {
      ...tooltipStyle(),
      trigger: "axis",
      axisPointer: { type: "shadow", shadowStyle: { color: "var(--shade)" } },
      formatter: (hits: unknown) => describe(stacks, series, hits),
    },
    series: series.map((one) => ({
      type: "bar",
      name: one.name,
      stack: "tokens",
      data: one.values,
      barMaxWidth: 56,
      silent: true,
      emphasis: { disabled: true },
      itemStyle: { color: colour(one.slot), borderColor: paper, borderWidth: 1 },
    })),
  };
}

function layout(stacks: Stacks, width: number) {
  const longest = Math.max(0, ...stacks.categories.map((name) => textWidth(shortened(name))));
  const rotated = longest > (width - LEFT - RIGHT) / Math.max(1, stacks.categories.length) - 6;
  return { rotated, bottom: rotated ? longest * 0.71 + 18 : 26 };
}

function describe(stacks: Stacks, series: StackSeries[], hits: unknown): HTMLElement | string {
  const first = (Array.isArray(hits) ? hits[0] : hits) as { dataIndex: number } | undefined;
  if (first === undefined) return "";
  const arm = first.dataIndex;
  const total = stacks.series.reduce((sum, one) => sum + (one.values[arm] ?? 0), 0);
  const lines = series
    .filter((one) => (one.values[arm] ?? 0) > 0)
    .map((one) => {
      const tokens = one.values[arm] ?? 0;
      return { colour: colour(one.slot), name: one.name, value: formatTokens(tokens), detail: formatPercent(tokens / total) };
    })
    .reverse();
  return tooltip(stacks.categories[arm] ?? "", lines);
}

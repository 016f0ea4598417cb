// Colours, type and numbers shared by the plots. Colours are the page's CSS variables, so that a plot follows
// the light, dark and print schemes without being drawn again.

import type { Unit } from "./data";

const COLOURS = 8;

export const ink = "var(--ink)";
export const muted = "var(--muted)";
export const rule = "var(--rule)";
export const paper = "var(--paper)";

export function colour(slot: number): string {
  return `var(--c${slot % COLOURS})`;
}

export function fontFamily(): string {
  return getComputedStyle(document.documentElement).getPropertyValue("--sans").trim() || "sans-serif";
}

export const FONT_SIZE = 12;

const canvas = document.createElement("canvas").getContext("2d");

export function textWidth(text: string): number {
  if (canvas === null) return text.length * FONT_SIZE * 0.6;
  canvas.font = `${FONT_SIZE}px ${fontFamily()}`;
  return canvas.measureText(text).width;
}

/** Shortens a name that would push the plot off its own page; tooltips and tables show it whole. */
export function shortened(name: string): string {
  const characters = [...name];
  return characters.length > 18 ? characters.slice(0, 17).join("") + "…" : name;
}

export function axisLabel() {
  return { color: muted, fontSize: FONT_SIZE, fontFamily: fontFamily() };
}

export function valueAxisStyle() {
  return {
    axisLine: { show: false },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: rule } },
  };
}

export function categoryAxisStyle() {
  return {
    axisLine: { show: true, lineStyle: { color: muted } },
    axisTick: { show: false },
    splitLine: { show: false },
  };
}

/** A true minus sign, and no more digits than say something. */
export function formatNumber(value: number, digits = 3): string {
  return value.toLocaleString("en", { maximumSignificantDigits: digits }).replace("-", "\u2212");
}

export function formatPercent(value: number): string {
  return (value * 100).toFixed(1).replace("-", "\u2212") + "%";
}

export function formatValue(unit: Unit, value: number): string {
  switch (unit) {
    case "PERCENT":
      return formatPercent(value);
    case "POINTS":
      return (value * 100).toFixed(1).replace("-", "\u2212") + " points";
    case "PLAIN":
      return formatNumber(value);
  }
}

export function formatTokens(tokens: number): string {
  if (tokens >= 1e9) return formatNumber(tokens / 1e9) + "B";
  if (tokens >= 1e6) return formatNumber(tokens / 1e6) + "M";
  if (tokens >= 1e3) return formatNumber(tokens / 1e3) + "k";
  return formatNumber(tokens);
}

// Draws the plots of a report: finds each figure, draws its panels from the data in the page, gives it a key
// whose entries can be switched off, and keeps the plots' size to that of the window or the paper.

import { BarChart, CustomChart, LineChart } from "echarts/charts";
import { GridComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { init, use, type EChartsCoreOption, type EChartsType } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { curvesHeight, curvesOption } from "./curves";
import type { ChartData } from "./data";
import { dotsHeight, dotsOption } from "./dots";
import { stacksHeight, stacksOption } from "./stacks";
import { colour, muted } from "./theme";

use([BarChart, CustomChart, LineChart, GridComponent, MarkLineComponent, TooltipComponent, SVGRenderer]);

/** A line of a figure's key. */
interface Entry {
  name: string;
  colour: string;
  shape: number;
}

interface Drawing {
  entries: Entry[];
  height(width: number): number;
  option(shown: (name: string) => boolean, width: number): EChartsCoreOption;
}

interface Panel {
  place: HTMLElement;
  chart: EChartsType;
  drawing: Drawing;
  width: number;
}

function drawingOf(data: ChartData, id: string): Drawing | undefined {
  const dots = data.dots[id];
  if (dots !== undefined) {
    return {
      entries: dots.series.map((one) => ({
        name: one.name,
        colour: one.baseline ? muted : colour(one.slot),
        shape: one.baseline ? 0 : one.slot % 4,
      })),
      height: (width) => dotsHeight(dots, width),
      option: (shown, width) => dotsOption(dots, dots.series.filter((one) => shown(one.name)), width),
    };
  }
  const curves = data.curves[id];
  if (curves !== undefined) {
    return {
      entries: curves.series.map((one) => ({ name: one.name, colour: colour(one.slot), shape: 0 })),
      height: (width) => curvesHeight(width),
      option: (shown, width) => curvesOption(curves, curves.series.filter((one) => shown(one.name)), width),
    };
  }
  const stacks = data.stacks[id];
  if (stacks !== undefined) {
    return {
      entries: stacks.series.map((one) => ({ name: one.name, colour: colour(one.slot), shape: 1 })),
      height: (width) => stacksHeight(stacks, width),
      option: (shown, width) => stacksOption(stacks, stacks.series.filter((one) => shown(one.name)), width),
    };
  }
  return undefined;
}

class Figure {
  private readonly hidden = new Set<string>();
  private readonly panels: Panel[] = [];

  constructor(place: HTMLElement, data: ChartData) {
    for (const panel of place.querySelectorAll<HTMLElement>("[data-chart]")) {
      const drawing = drawingOf(data, panel.dataset["chart"] ?? "");
      if (drawing === undefined) continue;
      const chart = init(panel, null, { renderer: "svg", width: 1, height: 1 });
      this.panels.push({ place: panel, chart, drawing, width: 0 });
    }
    const key = place.querySelector<HTMLElement>(".key");
    if (key !== null) this.fillKey(key);
    this.draw();
    const observer = new ResizeObserver(() => {
      for (const panel of this.panels) {
        if (panel.place.clientWidth !== panel.width) this.drawPanel(panel, panel.place.clientWidth);
      }
    });
    this.panels.forEach((panel) => observer.observe(panel.place));
  }

  /** Draws every panel to the width it has, or to its share of a page. */
  draw(pageWidth?: number) {
    const columns = this.panels.length > 1 ? 2 : 1;
    for (const panel of this.panels) {
      this.drawPanel(panel, pageWidth === undefined ? panel.place.clientWidth : pageWidth / columns - (columns - 1) * 10);
    }
  }

  private drawPanel(panel: Panel, width: number) {
    if (width === 0) return;
    panel.width = width;
    const height = panel.drawing.height(width);
    panel.place.style.height = height + "px";
    panel.chart.resize({ width, height });
    panel.chart.setOption(panel.drawing.option((name) => !this.hidden.has(name), width), { notMerge: true });
  }

  private fillKey(key: HTMLElement) {
    const entries = new Map<string, Entry>();
    for (const { drawing } of this.panels) {
      for (const entry of drawing.entries) {
        if (!entries.has(entry.name)) entries.set(entry.name, entry);
      }
    }
    if (entries.size < 2) return;
    for (const { name, colour, shape } of entries.values()) {
      const button = document.createElement("button");
      button.type = "button";
      button.setAttribute("aria-pressed", "true");
      button.title = "Show or hide";
      const swatch = document.createElement("i");
      swatch.className = `swatch shape${shape}`;
      swatch.style.background = colour;
      button.append(swatch, name);
      button.addEventListener("click", () => {
        if (!this.hidden.delete(name)) this.hidden.add(name);
        button.setAttribute("aria-pressed", String(!this.hidden.has(name)));
        this.draw();
      });
      key.append(button);
    }
  }
}

/** Paper has its own width, known to no script: plots are drawn for the columns that the print style lays out. */
const PRINT_WIDTH = 676;

function start() {
  const json = document.getElementById("chart-data")?.textContent;
  if (json === null || json === undefined) return;
  const data = JSON.parse(json) as ChartData;
  const figures = [...document.querySelectorAll<HTMLElement>("figure.plots")].map((place) => new Figure(place, data));
  window.addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll<HTMLDetailsElement>("details[data-print]")) details.open = true;
    figures.forEach((figure) => figure.draw(PRINT_WIDTH));
  });
  window.addEventListener("afterprint", () => figures.forEach((figure) => figure.draw()));
}

start();

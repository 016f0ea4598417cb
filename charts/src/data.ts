// What the page tells the plots: the records of org.onset.report.ChartData, as JSON. Every text in it is
// untrusted and may only become text nodes or SVG text.

export interface ChartData {
  dots: Record<string, Dots>;
  curves: Record<string, Curves>;
  stacks: Record<string, Stacks>;
}

/** How values are written: shares in percent, their differences in points, or plain numbers. */
export type Unit = "PERCENT" | "POINTS" | "PLAIN";

/** Values with intervals over named categories, one mark a series and category, side by side. */
export interface Dots {
  categories: string[];
  categoryTitle: string;
  valueTitle: string;
  unit: Unit;
  /** Ends of the value axis; null leaves it to the data. */
  min: number | null;
  max: number | null;
  /** A line across the plot, such as chance or no difference. */
  reference: number | null;
  /** Neighbouring categories are joined by a line: they have an order, such as layers. */
  joined: boolean;
  /** Categories run downwards and values to the right. */
  lying: boolean;
  series: DotSeries[];
}

export interface DotSeries {
  name: string;
  slot: number;
  /** A baseline: drawn dashed and grey. */
  baseline: boolean;
  /** One a category; null where nothing was measured. */
  points: (DotPoint | null)[];
}

export interface DotPoint {
  value: number;
  low: number | null;
  high: number | null;
  seeds: number[];
}

/** Lines over tokens seen. */
export interface Curves {
  valueTitle: string;
  endTokens: number;
  series: CurveSeries[];
  marks: Mark[];
}

export interface CurveSeries {
  name: string;
  slot: number;
  seed: string;
  points: [tokensSeen: number, value: number][];
}

export interface Mark {
  tokens: number;
  label: string;
}

/** Parts of a whole, stacked over named categories, in tokens. */
export interface Stacks {
  categories: string[];
  series: StackSeries[];
}

export interface StackSeries {
  name: string;
  slot: number;
  values: number[];
}

// Tooltips are built as DOM nodes: names of arms and streams are untrusted and never pass through HTML.

export interface TooltipLine {
  colour: string;
  name: string;
  value: string;
  detail: string;
}

export function tooltip(title: string, lines: TooltipLine[]): HTMLElement {
  const box = document.createElement("div");
  box.className = "tooltip";
  box.append(element("strong", title));
  const table = document.createElement("table");
  for (const line of lines) {
    const row = document.createElement("tr");
    const swatch = document.createElement("td");
    const dot = document.createElement("i");
    dot.style.background = line.colour;
    swatch.append(dot);
    row.append(swatch, element("td", line.name), element("td", line.value), element("td", line.detail));
    table.append(row);
  }
  box.append(table);
  return box;
}

/** How every plot shows its tooltip: inside the plot, styled by the page, not catching the pointer. */
export function tooltipStyle() {
  return {
    confine: true,
    backgroundColor: "var(--raised)",
    borderColor: "var(--rule)",
    borderWidth: 1,
    padding: [8, 10] as [number, number],
    textStyle: { color: "var(--ink)", fontSize: 12.5 },
    extraCssText: "box-shadow: 0 2px 10px rgba(0,0,0,.18); border-radius: 4px;",
    transitionDuration: 0,
  };
}

function element(tag: string, text: string): HTMLElement {
  const result = document.createElement(tag);
  result.textContent = text;
  return result;
}

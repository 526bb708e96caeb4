"use strict";
// Draws the page out of the JSON in it. Names and values become text nodes and attributes, never markup.
(() => {
  const page = JSON.parse(document.getElementById("data").textContent);
  const byId = (id) => document.getElementById(id);
  const SVG = "http://www.w3.org/2000/svg";

  function fill(node, attributes, children) {
    for (const [key, value] of Object.entries(attributes || {})) node.setAttribute(key, value);
    for (const child of [children ?? []].flat()) {
      node.append(child instanceof Node ? child : String(child));
    }
    return node;
  }
  const el = (tag, attributes, children) => fill(document.createElement(tag), attributes, children);
  const svg = (tag, attributes, children) => fill(document.createElementNS(SVG, tag), attributes, children);

  function number(x, digits = 4) {
    if (x === null || x === undefined || Number.isNaN(x)) return "";
    if (x === 0) return "0";
    const size = Math.abs(x);
    if (size >= 1e-4 && size < 1e7) {
      const short = Number(x.toPrecision(digits));
      return Number.isInteger(short) ? short.toLocaleString("en-US") : String(short);
    }
    return x.toExponential(digits - 1).replace(/\.?0+e/, "e").replace("e+", "e");
  }
  const percent = (x) => (100 * x).toFixed(3) + "%";

  function table(heads, rows, classes = "") {
    const cell = (tag, value, k, attributes) =>
      el(tag, { ...attributes, ...(heads[k].number ? { class: "number" } : {}), ...(heads[k].key && tag !== "th" ? { class: "key" } : {}) }, value);
    return el("div", { class: "scroll " + classes, tabindex: "0", role: "region", "aria-label": heads.map((h) => h.label).join(", ") },
      el("table", {}, [
        el("thead", {}, el("tr", {}, heads.map((head, k) => cell("th", head.label, k, { scope: "col" })))),
        el("tbody", {}, rows.map((row) => el("tr", {}, row.map((value, k) =>
          cell("td", typeof value === "number" ? number(value, 6) : value ?? "", k, {})))))
      ]));
  }

  /** A table that is made when it is opened. */
  function folded(label, make) {
    const details = el("details", {}, el("summary", {}, label));
    details.addEventListener("toggle", () => {
      if (details.open && details.childElementCount === 1) details.append(make());
    });
    return details;
  }

  const pairs = (rows) =>
    table([{ label: "key", key: true }, { label: "value" }], rows, "tall");

  function show(id) {
    const section = byId(id);
    section.hidden = false;
    const heading = section.querySelector("h2").textContent;
    byId("contents").append(el("li", {}, el("a", { href: "#" + id }, heading)));
  }

  // ---- a table with a picture in each row: estimates with intervals, leaks with ranges

  function niceTicks(low, high, count) {
    const raw = (high - low) / count;
    const unit = 10 ** Math.floor(Math.log10(raw));
    const step = [1, 2, 5, 10].map((m) => m * unit).find((s) => s >= raw);
    const ticks = [];
    for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k++) ticks.push(k * step);
    return ticks.map((t) => ({ at: t, label: number(t, 3).replace("-", "\u2212") }));
  }

  /** Powers of a base that is nice for this range, at their logarithms. */
  function ratioTicks(low, high) {
    const base = [1.1, 1.25, 1.5, 2, 4, 10, 100, 1000].find((b) => (high - low) / Math.log(b) <= 7) ?? 1e6;
    return niceTicks(low / Math.log(base), high / Math.log(base), 7)
      .filter((t) => Number.isInteger(t.at))
      .map((t) => ({ at: t.at * Math.log(base), label: number(base ** t.at, 3) }));
  }

  /**
   * columns: {label, number}, and in each row cells for them; one column is the picture.
   * rows: {name, cells, at, low, high, unsure}
   */
  function forest(spec) {
    const [from, to] = spec.range;
    const place = (v) => percent((v - from) / (to - from));
    const inside = (v) => Math.min(to, Math.max(from, v));
    const ruler = (height) => [
      ...spec.ticks.map((t) => svg("line", { class: "tickline", x1: place(t.at), x2: place(t.at), y1: 0, y2: height })),
      ...(spec.zero ? [svg("line", { class: "zero", x1: place(0), x2: place(0), y1: 0, y2: height })] : []),
      ...(spec.threshold === undefined ? [] :
        [svg("line", { class: "threshold", x1: place(spec.threshold), x2: place(spec.threshold), y1: 0, y2: height })])
    ];
    const arrow = (x, d) => svg("svg", { x, y: "50%", overflow: "visible" }, svg("path", { class: "range", fill: "none", d }));
    function mark(row) {
      const shapes = ruler("100%");
      if (row.at !== null && row.at !== undefined) {
        if (row.low !== null && row.low !== undefined) {
          shapes.push(svg("line", { class: "range", x1: place(inside(row.low)), x2: place(inside(row.high)), y1: "50%", y2: "50%" }));
          if (row.low < from) shapes.push(arrow("0", "M5,-4L0,0L5,4"));
          if (row.high > to) shapes.push(arrow("100%", "M-5,-4L0,0L-5,4"));
        }
        shapes.push(svg("circle", { class: "dot", cx: place(inside(row.at)), cy: "50%", r: 4 }));
      }
      return svg("svg", { "aria-hidden": "true" }, shapes);
    }
    const heads = spec.columns.map((c) =>
      el("th", { scope: "col", role: "columnheader", class: (c.number ? "number " : "word ") + c.width }, c.label));
    const axis = svg("svg", { "aria-hidden": "true" }, [
      ...spec.ticks.map((t) => svg("text", { x: place(t.at), y: 14, "text-anchor": "middle" }, t.label)),
      ...spec.ticks.map((t) => svg("line", { class: "tickline", x1: place(t.at), x2: place(t.at), y1: 20, y2: "100%" }))
    ]);
    // on a phone rows are no rows of a table any more, and only roles tell a screen reader that they are
    return el("table", { class: "forest", role: "table" }, [
      el("thead", { role: "rowgroup" }, [
        el("tr", { role: "row" }, [el("th", { scope: "col", role: "columnheader", class: "term" }, spec.term), el("th", { scope: "col", role: "columnheader", class: "picture" }, spec.picture), ...heads]),
        el("tr", { class: "axis", "aria-hidden": "true" }, [el("td", {}), el("td", { class: "mark" }, axis), ...heads.map(() => el("td", {}))])
      ]),
      el("tbody", { role: "rowgroup" }, spec.rows.map((row) => el("tr", { role: "row", ...(row.unsure ? { class: "unsure" } : {}) }, [
        el("th", { scope: "row", role: "rowheader" }, row.name),
        el("td", { class: "mark", role: "cell" }, mark(row)),
        ...row.cells.map((value, k) => el("td", { class: spec.columns[k].number ? "number" : "word", role: "cell", "data-label": spec.columns[k].short ?? "" }, value))
      ])))
    ]);
  }

  function solution(answer) {
    const notes = [];
    for (const [name, value] of Object.entries(answer.measures)) {
      byId("measures").append(el("p", {}, `${MEASURES[name] ?? name}: ${number(value, 6)}` +
        (name === "heldOutLoss" && !answer.terms.length ? ` (a perplexity of ${number(Math.exp(value))})` : "")));
    }
    if (!answer.terms.length) {
      byId("answer-note").textContent = "The solution is too long to be shown here; the files beside this one hold it.";
      return;
    }
    const cut = answer.count > answer.terms.length;
    notes.push("Estimates are in the units of the columns.");
    notes.push(answer.scaled
      ? "The picture shows their effects: each times the deviation of its column, so that they can be compared."
      : "The picture shows them as they are; they can be compared only where columns have like units.");
    notes.push(cut ? `These are the ${answer.terms.length} largest of ${number(answer.count)}; solution.json has all.` : "The largest stand first.");
    if (answer.inferred) notes.push(`Lines are ${100 * answer.level} % intervals, for one coefficient at a time; a hollow dot says that 0 lies within.`);
    else notes.push(answer.reason ? `There are no intervals: ${answer.reason}.` : "There are no intervals; the block inference of a configuration asks for them.");
    if (answer.positive) notes.push(`An effect above 0 speaks for ${answer.positive}.`);
    byId("answer-note").textContent = notes.join(" ");
    const effects = answer.terms.filter((t) => t.effect !== null);
    const ends = effects.flatMap((t) => [Math.abs(t.effectLow ?? t.effect), Math.abs(t.effectHigh ?? t.effect)]).sort((a, b) => a - b);
    // an interval that dwarfs most others is cut, with an arrow
    const usual = Math.max(1e-300, ...effects.map((t) => Math.abs(t.effect)), ends[Math.floor(0.8 * (ends.length - 1))] ?? 0);
    const most = 1.05 * Math.min(ends.at(-1) ?? 1, 2 * usual);
    const all = effects.flatMap((t) => [t.effect, t.effectLow ?? t.effect, t.effectHigh ?? t.effect]);
    const range = [Math.max(-most, Math.min(0, ...all) * 1.1), Math.min(most, Math.max(0, ...all) * 1.1)];
    if (range[0] === range[1]) range[1] = 1;
    const ratio = answer.inferred ? answer.ratio : "";
    const columns = [{ label: answer.inferred ? `estimate (${100 * answer.level} % interval)` : "estimate", number: true, width: answer.inferred ? "estimates" : "estimate" }];
    if (answer.inferred) columns.push({ label: "p", short: "p", number: true, width: "small" });
    byId("forest").append(forest({
      term: "coefficient",
      picture: ratio ? `${ratio}${answer.scaled ? " for one deviation" : ""}` : answer.scaled ? "effect of one deviation" : "estimate",
      range,
      zero: true,
      ticks: ratio ? ratioTicks(...range) : niceTicks(...range, 5),
      columns,
      rows: answer.terms.map((t) => ({
        name: t.name,
        at: t.effect,
        low: t.effectLow,
        high: t.effectHigh,
        unsure: answer.inferred && t.low <= 0 && t.high >= 0,
        cells: answer.inferred
          ? [`${number(t.estimate)} (${number(t.low, 3)} to ${number(t.high, 3)})`, t.pValue < 1e-16 ? "< 1e-16" : number(t.pValue, 2)]
          : [number(t.estimate, 6)]
      }))
    }));
    if (ratio) {
      byId("fit").append(folded(`${ratio}s, in the units of the columns`, () => table(
        [{ label: "coefficient" }, { label: ratio, number: true }, { label: "low", number: true }, { label: "high", number: true }],
        answer.terms.map((t) => [t.name, Math.exp(t.estimate), Math.exp(t.low), Math.exp(t.high)]), "tall")));
    }
    for (const line of answer.lines ?? []) byId("fit").append(el("p", { class: "note" }, line));
    if (answer.inferred) byId("fit").append(folded("The fit as a whole", () => pairs(answer.fit)));
  }

  function leaks(tables) {
    for (const one of tables) {
      const rows = one.rows.map((row) => ({
        name: row.name,
        at: row.leak?.median,
        low: row.leak?.low,
        high: row.leak?.high,
        unsure: !(row.leak?.high > page.threshold),
        cells: [row.about ?? "", row.leak ? `${number(row.leak.median, 3)} (${number(row.leak.low, 2)} to ${number(row.leak.high, 2)})` : "none at the end"]
      }));
      byId("leak-tables").append(el("h3", {}, one.heading));
      byId("leak-tables").append(rows.length ? forest({
        term: "attack",
        picture: "leak of all victims",
        range: [-0.02, 1.02],
        threshold: page.threshold,
        ticks: niceTicks(0, 1, 5),
        columns: [{ label: "about", short: "about", width: "medium" }, { label: "leak (95 % range)", number: true, width: "figures" }],
        rows
      }) : el("p", {}, "No attack said anything."));
      const groups = one.rows.filter((row) => row.groups.length);
      if (groups.length) {
        byId("leak-tables").append(folded("By who is heard, along the run, and without messages", () => table(
          ["attack", "exposed", "unexposed", "not heard", "along the run", "without messages"].map((label) => ({ label })),
          groups.map((row) => [row.name, ...row.groups]))));
      }
      for (const line of one.games) byId("leak-tables").append(el("p", { class: "note" }, line));
      if (one.silent.length) {
        byId("leak-tables").append(el("p", { class: "note" }, `Attacks that could say nothing here: ${one.silent.join(", ")}.`));
      }
      if (one.limits.length) {
        byId("leak-tables").append(folded("What attacks say nothing of", () => el("ul", {}, one.limits.map((line) => el("li", {}, line)))));
      }
    }
  }

  // ---- scores: pictures of which both axes are numbers

  function metrics(all) {
    byId("metrics-table").append(table(
      [{ label: "figure" }, { label: "value", number: true }, { label: `${100 * page.level} % interval`, number: true }],
      all.map((m) => [
        [m.name, el("small", {}, m.words)],
        number(m.value, 5) || "none",
        m.interval ? [`${number(m.low, 4)} to ${number(m.high, 4)}`, el("small", {}, m.interval)] : ""
      ])));
  }

  /** spec: title, alt, x and y {label, low, high}, shapes(x, y) in the plane, and the numbers as a table. */
  function plane(spec) {
    const [left, top, side] = [62, 12, 300];
    const x = (v) => left + side * (v - spec.x.low) / (spec.x.high - spec.x.low);
    const y = (v) => top + side - side * (v - spec.y.low) / (spec.y.high - spec.y.low);
    const [from, to] = [Math.max(spec.x.low, spec.y.low), Math.min(spec.x.high, spec.y.high)];
    const ticks = (axis) => niceTicks(axis.low, axis.high, 5);
    return el("figure", {}, [
      el("figcaption", {}, spec.title),
      svg("svg", { class: "plane", viewBox: `0 0 ${left + side + 14} ${top + side + 46}`, role: "img", "aria-label": spec.alt }, [
        ...ticks(spec.x).map((t) => svg("line", { class: "tickline", x1: x(t.at), x2: x(t.at), y1: top, y2: top + side })),
        ...ticks(spec.y).map((t) => svg("line", { class: "tickline", x1: left, x2: left + side, y1: y(t.at), y2: y(t.at) })),
        svg("line", { class: "threshold", x1: x(from), y1: y(from), x2: x(to), y2: y(to) }),
        ...spec.shapes(x, y),
        svg("g", { class: "axis" }, [
          ...ticks(spec.x).map((t) => svg("text", { x: x(t.at), y: top + side + 17, "text-anchor": "middle" }, t.label)),
          ...ticks(spec.y).map((t) => svg("text", { x: left - 7, y: y(t.at) + 4, "text-anchor": "end" }, t.label)),
          svg("text", { x: left + side / 2, y: top + side + 38, "text-anchor": "middle" }, spec.x.label),
          svg("text", { x: 0, y: 0, "text-anchor": "middle", transform: `translate(13 ${top + side / 2}) rotate(-90)` }, spec.y.label)
        ])
      ]),
      folded("The same as a table", () => table(spec.heads, spec.rows, "tall"))
    ]);
  }

  function roc(points) {
    const auc = page.metrics.find((m) => m.name === "auc");
    byId("roc-note").textContent = `Each point is a threshold: rows whose score is at least that count as ${page.positive}. The dashed line is chance. ` +
      `The area under the curve is ${number(auc.value)} (${number(auc.low, 3)} to ${number(auc.high, 3)}), of all rows; ${number(points.length)} points are drawn.`;
    byId("roc-picture").append(plane({
      title: "What is found, against false alarms",
      alt: `The ROC curve. The area under it is ${number(auc.value)}. The table below lists its points.`,
      x: { label: "false positive rate", low: 0, high: 1 },
      y: { label: "true positive rate", low: 0, high: 1 },
      shapes: (x, y) => [svg("polyline", { class: "curve", points: points.map((p) => `${x(p.falsePositiveRate)},${y(p.truePositiveRate)}`).join(" ") })],
      heads: ["threshold", "false positive rate", "true positive rate"].map((label) => ({ label, number: true })),
      rows: points.map((p) => [p.threshold, p.falsePositiveRate, p.truePositiveRate])
    }));
  }

  function calibration(bins) {
    const [what, seen] = page.positive ? ["probability", "share observed"] : ["prediction", "mean observed"];
    byId("calibration-note").textContent = `Rows by ascending ${what}, in ${number(bins.length)} group${bins.length === 1 ? "" : "s"}: the mean ${what} of each against what was observed, ` +
      `with ${100 * page.level} % intervals (${page.positive ? "Clopper-Pearson" : "normal"}). Predictions that are right on average lie on the dashed line.`;
    const all = bins.flatMap((b) => [b.predicted, b.observed, b.low, b.high]);
    const gap = 0.05 * (Math.max(...all) - Math.min(...all)) || 1;
    const low = page.positive ? 0 : Math.min(...all) - gap;
    const high = page.positive ? Math.min(1, Math.max(...all) + gap) : Math.max(...all) + gap;
    byId("calibration-picture").append(plane({
      title: "What was predicted, against what was observed",
      alt: `Calibration. ${bins.filter((b) => b.low <= b.predicted && b.predicted <= b.high).length} of ${bins.length} intervals hold what was predicted. The table below lists all.`,
      x: { label: `mean ${what}`, low, high },
      y: { label: seen, low, high },
      shapes: (x, y) => bins.flatMap((b) => [
        svg("line", { class: "range", x1: x(b.predicted), x2: x(b.predicted), y1: y(b.low), y2: y(b.high) }),
        svg("circle", { class: "dot", cx: x(b.predicted), cy: y(b.observed), r: 4 }, svg("title", {}, `${number(b.rows)} rows: predicted ${number(b.predicted)}, observed ${number(b.observed)}`))
      ]),
      heads: ["rows", `mean ${what}`, seen, "low", "high"].map((label) => ({ label, number: true })),
      rows: bins.map((b) => [b.rows.toLocaleString("en-US"), b.predicted, b.observed, b.low, b.high])
    }));
  }

  // ---- curves

  const MEASURES = { heldOutLoss: "held-out loss" };
  const plots = [];
  const state = { x: "tick", log: true };
  const printing = () => document.documentElement.classList.contains("printing");
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
  const HUES = ["first", "second", "third"];
  const DASHES = [[], [7, 4], [2, 3]];
  const SUPER = { "-": "\u207b", 0: "\u2070", 1: "\u00b9", 2: "\u00b2", 3: "\u00b3", 4: "\u2074", 5: "\u2075", 6: "\u2076", 7: "\u2077", 8: "\u2078", 9: "\u2079" };

  const isPower = (v) => v > 0 && Math.abs(Math.log10(v) - Math.round(Math.log10(v))) < 1e-9;

  function axisNumber(v) {
    if (v === null || v === undefined) return "";
    return isPower(v) && (v < 0.009 || v > 1100)
      ? "10" + String(Math.round(Math.log10(v))).replace(/./g, (c) => SUPER[c])
      : number(v, 6);
  }

  /** One figure: its caption, legend, canvas, what stands under the cursor, and the numbers as a table. */
  function figure(spec) {
    const log = () => state.log && spec.log;
    const data = () => [spec.times[state.x], ...spec.series.map((s) => log() ? s.values.map((v) => v > 0 ? v : null) : s.values)];
    const holder = el("div", { class: "plot", tabindex: "0", role: "group", "aria-label": `${spec.title}. ${summary(spec)} Arrow keys move through measurements, plus and minus zoom, 0 shows the whole run.` });
    const readout = el("output", { class: "readout" });
    const legend = el("ul", { class: "legend" }, spec.series.filter((s) => s.label).map((s, k) => el("li", {}, [
      svg("svg", { "aria-hidden": "true" }, svg("line", { x1: 0, x2: 28, y1: 5, y2: 5, stroke: `var(--${s.hue})`, "stroke-width": 2, "stroke-dasharray": s.dash.join(" ") })), s.label])));
    const notes = spec.log ? spec.series.filter((s) => s.label).map((s) => [s, s.values.filter((v) => v === 0).length]).filter(([, zeros]) => zeros)
      .map(([s, zeros]) => `The ${s.label} is 0 at ${number(zeros)} of ${number(s.values.length)} measurements, which a logarithmic scale cannot show.`) : [];
    const shown = el("figure", {}, [
      el("figcaption", {}, [spec.title + " ", el("small", {}, spec.unit)]),
      legend,
      holder,
      readout,
      ...[...notes, ...spec.flat ?? []].map((note) => el("p", { class: "note" }, note)),
      folded("The same as a table", () => table(
        [{ label: "tick", number: true }, { label: "seconds", number: true }, ...spec.series.map((s) => ({ label: s.name ?? s.label, number: true }))],
        spec.times.tick.map((t, k) => [t.toLocaleString("en-US"), spec.times.seconds[k], ...spec.series.map((s) => s.values[k])]), "tall"))
    ]);
    byId("charts").append(shown);

    function options() {
      const scale = printing() ? 2 : 1;
      const font = `${12 * scale}px ${getComputedStyle(document.body).fontFamily}`;
      const soft = colour("soft");
      const axis = { stroke: soft, font, grid: { stroke: colour("grid"), width: scale }, ticks: { show: false }, gap: 6 * scale };
      const few = spec.times.tick.length <= 60;
      return {
        width: scale * (printing() ? 660 : holder.clientWidth),
        height: scale * (printing() ? 220 : 260),
        scales: { x: { time: false }, y: log() ? { distr: 3 } : {} },
        legend: { show: false },
        padding: [10 * scale, 12 * scale, 0, 0],
        cursor: { sync: { key: "run" }, drag: { x: true, y: false }, points: { size: 7 } },
        series: [{}, ...spec.series.map((s) => ({
          stroke: colour(s.hue),
          alpha: s.faint ? 0.45 : 1,
          width: (s.faint ? 1 : 2) * scale,
          dash: s.dash.map((d) => d * scale),
          points: { show: few && !s.faint, size: 6 * scale, fill: colour(s.hue), stroke: colour(s.hue) }
        }))],
        axes: [
          { ...axis, label: state.x === "tick" ? "tick" : "seconds since the first measurement", labelFont: font, labelSize: 22 * scale, size: 28 * scale, space: 70 * scale, values: (u, splits) => splits.map(axisNumber) },
          { ...axis, grid: { ...axis.grid, filter: (u, splits) => splits.map((v) => !log() || isPower(v) ? v : null) }, size: 62 * scale, space: 34 * scale, values: (u, splits) => splits.map(axisNumber) }
        ],
        hooks: {
          setCursor: [(u) => { readout.value = u.cursor.idx === null || u.cursor.idx === undefined ? "" : read(spec, u.cursor.idx); }],
          draw: [(u) => { if (spec.limit > 0) line(u, spec.limit, spec.limitName, scale); }]
        }
      };
    }

    function line(u, value, name, scale) {
      const y = u.valToPos(value, "y", true);
      const { left, top, width, height } = u.bbox;
      if (!(y >= top && y <= top + height)) return;
      const c = u.ctx;
      c.save();
      c.strokeStyle = c.fillStyle = colour("soft");
      c.lineWidth = scale;
      c.setLineDash([3 * scale, 4 * scale]);
      c.beginPath();
      c.moveTo(left, y);
      c.lineTo(left + width, y);
      c.stroke();
      c.font = `${11 * scale * (window.devicePixelRatio || 1)}px ${getComputedStyle(document.body).fontFamily}`;
      c.textAlign = "left";
      c.textBaseline = "bottom";
      c.fillText(name, left + 4, y - 2 * scale);
      c.restore();
    }

    const own = { u: null, spec };
    own.draw = () => {
      own.u?.destroy();
      own.u = new uPlot(options(), data(), holder);
    };
    own.draw();
    plots.push(own);
    new ResizeObserver(() => {
      if (!printing() && Math.abs(own.u.width - holder.clientWidth) > 1) own.u.setSize({ width: holder.clientWidth, height: 260 });
    }).observe(holder);

    holder.addEventListener("keydown", (event) => {
      const last = spec.times.tick.length - 1;
      const idx = own.u.cursor.idx ?? -1;
      const to = { ArrowLeft: Math.max(0, idx - 1), ArrowRight: Math.min(last, idx + 1), Home: 0, End: last }[event.key];
      if (to !== undefined) {
        const { min, max } = own.u.scales.x;
        const x = spec.times[state.x][to];
        if (x < min || x > max) zoom(1, x);
        own.u.setCursor({ left: own.u.valToPos(x, "x"), top: own.u.over.clientHeight / 2 });
      } else if (event.key === "+" || event.key === "=") zoom(0.5, spec.times[state.x][idx]);
      else if (event.key === "-") zoom(2, spec.times[state.x][idx]);
      else if (event.key === "0" || event.key === "Escape") zoom(Infinity);
      else return;
      event.preventDefault();
    });
  }

  function read(spec, k) {
    const values = spec.series.filter((s) => s.label).map((s) => `${s.label} ${s.values[k] === null ? "none" : number(s.values[k], 4)}`);
    const faint = spec.series.filter((s) => s.faint && s.values[k] !== null);
    if (faint.length) {
      const order = faint.toSorted((a, b) => a.values[k] - b.values[k]);
      values.push(`lowest ${order[0].name} ${number(order[0].values[k])}`, `highest ${order.at(-1).name} ${number(order.at(-1).values[k])}`);
    }
    return `Tick ${spec.times.tick[k].toLocaleString("en-US")}, ${number(spec.times.seconds[k], 3)} s: ${values.join("; ")}`;
  }

  const summary = (spec) => spec.series.filter((s) => s.label).map((s) => {
    const known = s.values.filter((v) => v !== null);
    return known.length ? `${s.label} goes from ${number(known[0], 3)} to ${number(known.at(-1), 3)}.` : "";
  }).join(" ");

  /** All figures at once: a factor below 1 looks closer. */
  function zoom(factor, at) {
    for (const { u, spec } of plots) {
      const times = spec.times[state.x];
      const [least, most] = [times[0], times.at(-1)];
      const { min, max } = u.scales.x;
      const half = Math.min((most - least) / 2, (max - min) * factor / 2);
      let middle = at ?? (min + max) / 2;
      middle = Math.min(most - half, Math.max(least + half, middle));
      u.setScale("x", half > 0 ? { min: middle - half, max: middle + half } : { min: least, max: most });
    }
  }

  function choice(label, options) {
    return el("span", { class: "choice", role: "group", "aria-label": label }, options.map(([text, act, chosen]) => {
      const button = el("button", { type: "button", ...(chosen === undefined ? {} : { "aria-pressed": chosen }) }, text);
      button.addEventListener("click", () => {
        if (chosen !== undefined) for (const other of button.parentNode.children) other.setAttribute("aria-pressed", other === button);
        act();
      });
      return button;
    }));
  }

  function curves(all) {
    const redraw = (change) => () => { Object.assign(state, change); plots.forEach((p) => p.draw()); };
    byId("controls").append(
      choice("Across", [["ticks", redraw({ x: "tick" }), true], ["seconds", redraw({ x: "seconds" }), false]]),
      choice("Scale", [["logarithmic", redraw({ log: true }), true], ["linear", redraw({ log: false }), false]]),
      choice("Zoom", [["closer", () => zoom(0.5)], ["farther", () => zoom(2)], ["whole run", () => zoom(Infinity)]]));
    byId("curves-note").textContent = `${number(all.measurements)} measurements` +
      (all.measurements > all.tick.length ? `, of which ${number(all.tick.length)} are drawn; the highest and lowest are among them` : "") +
      ". Drag over a curve to look closer; a double click shows the whole run.";
    const times = { tick: all.tick, seconds: all.seconds };
    const series = (list) => list.filter(([, key]) => all[key].some((v) => v))
      .map(([label, key], k) => ({ label, values: all[key], hue: HUES[k], dash: DASHES[k], key }));
    const add = (title, unit, list, more) => {
      const some = series(list);
      const flat = list.filter(([, key]) => all[key].every((v) => v === 0)).map(([label]) => `The ${label} is 0 at all measurements.`);
      if (some.length) figure({ title, unit, times, series: some, flat, ...more });
    };
    const gaps = series([["", "aboveBound"]]).length > 0;
    const repeated = all.measures.some((name) => all[name].every((v, k) => v === null || Math.abs(v) === Math.abs(all.objective[k])));
    if (gaps) {
      add("How far F is above its least value", "at most, as a fraction of F", [["against the bound at the end", "aboveBound"], ["as certified at the time", "certifiedGap"]],
        { log: true, limit: page.tolerance, limitName: "stop.tolerance" });
    } else if (!repeated) {
      add("F", "at the estimate", [["F", "objective"]], { log: all.objective.every((v) => v === null || v > 0) });
    }
    add("How far agents differ, and how far outside the sets they are", "relative to the larger of 1 and the norm of their mean",
      [["disagreement", "disagreement"], ["infeasibility", "infeasibility"]], { log: true, limit: page.agreement, limitName: "stop.disagreement" });
    for (const name of all.measures) {
      const own = all.byAgent?.[name];
      const faint = own ? Object.entries(own).map(([agent, values]) => ({ name: agent, values, hue: "soft", dash: [], faint: true })) : [];
      if (!faint.length) {
        add(MEASURES[name] ?? name, "", [[MEASURES[name] ?? name, name]], { log: false });
        continue;
      }
      // the curve over agents, at the measurements that are shown of each agent
      const at = new Map(all.tick.map((t, k) => [t, all[name][k]]));
      const together = all.byAgent.tick.map((t) => at.get(t) ?? null);
      figure({ title: MEASURES[name] ?? name, unit: "over agents, and in grey that of each", times: all.byAgent, log: false,
        series: [...faint, { label: "all agents", values: together, hue: "first", dash: [] }] });
    }
  }

  // ---- the network

  const SAID = { distance: "distance from the mean", updates: "updates", leak: "leak" };

  function network(net) {
    const keys = Object.keys(net.values);
    const [shade, size] = keys;
    const words = [`${number(net.agents)} agents, ${number(net.links)} ${net.directed ? "one-way links" : "links"}.`];
    if (net.cut) words.push(net.cut);
    words.push(`The stronger the colour of an agent, the larger its ${SAID[shade]}${shade === "distance" ? " of all estimates" : ""}${size ? `; the larger its circle, the more ${SAID[size]} it made` : ""}.`);
    byId("network-note").textContent = words.join(" ");

    const xs = net.places.map((p) => p[0]);
    const ys = net.places.map((p) => p[1]);
    const box = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const span = Math.max(box[1] - box[0], box[3] - box[2], 1e-9);
    const named = net.names.length <= 30;
    const [side, top, inner] = [named ? 110 : 20, 26, named ? 420 : 600];
    const height = Math.max(60, inner * (box[3] - box[2]) / span);
    const width = Math.max(60, inner * (box[1] - box[0]) / span);
    const place = net.places.map((p) => [side + inner * (p[0] - box[0]) / span, top + inner * (p[1] - box[2]) / span]);

    const known = net.values[shade].filter((v) => v !== null);
    const positive = known.filter((v) => v > 0);
    const [least, most] = shade === "leak" ? [0, 1] : [Math.min(...positive), Math.max(...positive)];
    const logs = shade !== "leak" && most > least;
    const level = (v) => v === null ? 0 : shade === "leak" ? v : !(v > 0) ? 0 : logs ? Math.log(v / least) / Math.log(most / least) : 1;
    const largest = size ? Math.max(1, ...net.values[size]) : 1;
    const unit = named ? 13 : net.names.length <= 100 ? 9 : 6;
    const radius = (k) => size ? unit * Math.sqrt(0.15 + 0.85 * net.values[size][k] / largest) : 0.8 * unit;
    const told = (k) => keys.map((key) => `${SAID[key]} ${net.values[key][k] === null ? "not measured" : number(net.values[key][k])}`).join(", ");

    const shapes = [
      ...net.pairs.map(([a, b]) => svg("line", { class: "link", x1: place[a][0], y1: place[a][1], x2: place[b][0], y2: place[b][1] })),
      ...net.names.map((name, k) => {
        const [cx, cy] = place[k];
        const r = radius(k).toFixed(2);
        return svg("g", {}, [
          svg("title", {}, `${name}: ${told(k)}`),
          svg("circle", { class: "under-agent", cx, cy, r }),
          svg("circle", { class: "agent", cx, cy, r, "fill-opacity": (0.08 + 0.92 * level(net.values[shade][k])).toFixed(3) })
        ]);
      }),
      ...(named ? net.names.map((name, k) => {
        const [x, y] = place[k];
        const right = x >= side + width / 2;
        const gap = radius(k) + 5;
        return svg("text", { class: "name", x: right ? x + gap : x - gap, y: y + 4, "text-anchor": right ? "start" : "end" }, name.length > 18 ? name.slice(0, 17) + "\u2026" : name);
      }) : [])
    ];
    const order = net.names.map((_, k) => k).sort((a, b) => (net.values[shade][b] ?? -1) - (net.values[shade][a] ?? -1));
    byId("drawing").append(svg("svg", {
      viewBox: `0 0 ${2 * side + width} ${2 * top + height}`,
      role: "img",
      class: net.names.length > 60 ? "many" : "",
      "aria-label": `The network of ${net.names.length} agents. The largest ${SAID[shade]} has ${net.names[order[0]]}. The table below lists all.`
    }, shapes));
    const steps = [0, 0.25, 0.5, 0.75, 1];
    byId("drawing").append(el("p", { class: "scale" }, [
      el("span", {}, [SAID[shade] + ": ", shade === "leak" ? "0" : number(positive.length ? least : 0, 2),
        svg("svg", { "aria-hidden": "true", viewBox: "0 0 128 14" }, steps.map((s, k) => svg("circle", { class: "agent", cx: 8 + 28 * k, cy: 7, r: 6, "fill-opacity": 0.08 + 0.92 * s }))),
        shade === "leak" ? "1" : number(positive.length ? most : 0, 2)]),
      ...(size ? [el("span", {}, [SAID[size] + ": ", number(Math.min(...net.values[size])), " to ", number(largest)])] : [])
    ]));
    const neighbours = net.names.map(() => []);
    for (const [a, b] of net.pairs) { neighbours[a].push(net.names[b]); neighbours[b].push(net.names[a]); }
    byId("drawing").append(folded("The same as a table", () => table(
      [{ label: "agent" }, ...keys.map((key) => ({ label: SAID[key], number: true })), { label: "linked with" }],
      order.map((k) => [net.names[k], ...keys.map((key) => net.values[key][k]), neighbours[k].join(", ")]), "tall")));
  }

  // ---- the rest

  function privacy(of) {
    byId("privacy-words").textContent = of.words;
    byId("privacy-bound").textContent = of.bound ?? "";
    if (of.disclosed?.length) {
      byId("privacy-more").append(el("h3", {}, "What all parties revealed in aggregate"), el("ul", {}, of.disclosed.map((line) => el("li", {}, line))));
    }
    if (of.level?.length) byId("privacy-more").append(folded("The level, as run.json has it", () => pairs(of.level)));
  }

  function phases(of) {
    const names = { prepare: "prepare: read and decide", load: "load rows into cells", resume: "look for a checkpoint", step: "choose the first step", solve: "solve", infer: "standard errors", write: "write tables" };
    const entries = Object.entries(of);
    const most = Math.max(1e-9, ...entries.map(([, s]) => s));
    byId("phase-table").append(el("table", { class: "wide phases" }, [
      el("thead", {}, el("tr", {}, [el("th", { scope: "col" }, "phase"), el("th", { scope: "col", class: "number" }, "seconds"), el("th", { scope: "col", "aria-hidden": "true" })])),
      el("tbody", {}, entries.map(([name, seconds]) => el("tr", {}, [
        el("th", { scope: "row" }, names[name] ?? name),
        el("td", { class: "number" }, seconds.toFixed(seconds < 10 ? 2 : 0)),
        el("td", { class: "bar", "aria-hidden": "true" }, svg("svg", {}, svg("rect", { x: 0, y: 0, height: "100%", width: percent(seconds / most) })))
      ])))
    ]));
  }

  const GOOD = ["converged"]; // proven, and nothing else is
  const BAD = ["leak above the threshold"];
  document.title = `${page.title} \u2013 Sotto`;
  byId("title").textContent = page.title;
  byId("kind").textContent = page.kind ?? (page.leaks ? "audit" : "result");
  byId("subtitle").textContent = page.subtitle;
  byId("status").textContent = page.status;
  byId("status").className = GOOD.includes(page.status) ? "good" : BAD.includes(page.status) ? "bad" : "";
  byId("words").textContent = page.verdict;
  byId("because").textContent = page.because;
  byId("facts").append(...page.facts.map((f) => el("div", {}, [el("dt", {}, f.label), el("dd", {}, f.value), el("dd", { class: "under" }, f.note)])));
  if (page.network) byId("about-agents").textContent = ": it names agents";
  const parts = [
    ["answer", page.answer, solution],
    ["metrics", page.metrics, metrics],
    ["roc", page.roc, roc],
    ["calibration", page.calibration, calibration],
    ["leaks", page.leaks, leaks],
    ["curves", page.curves, curves],
    ["network", page.network, network],
    ["proof", page.proof, (words) => { byId("proof-words").textContent = words; }],
    ["privacy", page.privacy, privacy],
    ["phases", page.phases, phases]
  ];
  for (const [id, content, draw] of parts) {
    if (content) {
      show(id);
      draw(content);
    }
  }
  show("details");
  if (page.provenance?.length) byId("detail-tables").append(el("h3", {}, "Inputs and versions"), pairs(page.provenance));
  for (const [heading, key] of [["What was chosen, and why", "choices"], ["Figures of the audit", "audit"], ["Effective configuration: run again, it gives the same bits", "configuration"]]) {
    if (page[key]?.length) byId("detail-tables").append(folded(heading, () => pairs(page[key])));
  }

  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => plots.forEach((p) => p.draw()));
  const print = (on) => () => {
    if (printing() === on) return;
    document.documentElement.classList.toggle("printing", on);
    plots.forEach((p) => p.draw());
  };
  addEventListener("beforeprint", print(true));
  addEventListener("afterprint", print(false));
  // for who tests the page: what is drawn, as the plots hold it
  globalThis.sotto = { page, plots };
})();

"use strict";
/* The page that visuals.py writes. `page` holds what is shown beside the drawing, `net` what pyvis prepared for vis-network.
   Every text reaches the page through textContent or the canvas, never as HTML. */
(() => {
  const page = JSON.parse(document.getElementById("page").textContent);
  const net = JSON.parse(document.getElementById("network").textContent);
  const $ = (id) => document.getElementById(id);
  const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", Arial, sans-serif';
  const styles = new Map(page.types.map((type) => [type.type, type]));
  const details = new Map(Object.entries(page.nodes));
  const sources = new Map(page.sources.map((source) => [source.key, source]));
  const sentences = new Map(page.trials.flatMap((trial) => trial.criteria.map((criterion) => [criterion.id, criterion])));
  const state = { selected: null, link: null, query: "", hidden: new Set(), bright: null };

  /* --- shapes --------------------------------------------------------------------------------------------------------------------------- */

  const polygon = (ctx, points) => {
    ctx.beginPath();
    points.forEach(([x, y], i) => (i ? ctx.lineTo(x, y) : ctx.moveTo(x, y)));
    ctx.closePath();
  };
  const outlines = {
    card: (c, l, t, r, b) => { c.beginPath(); c.roundRect(l, t, r - l, b - t, 8); },
    slab: (c, l, t, r, b) => { c.beginPath(); c.rect(l, t, r - l, b - t); },
    pill: (c, l, t, r, b) => { c.beginPath(); c.roundRect(l, t, r - l, b - t, (b - t) / 2); },
    arrow: (c, l, t, r, b) => { const d = Math.min(14, (b - t) / 3); polygon(c, [[l, t], [r - d, t], [r, (t + b) / 2], [r - d, b], [l, b]]); },
    hexagon: (c, l, t, r, b) => { const d = Math.min(14, (b - t) / 3); polygon(c, [[l + d, t], [r - d, t], [r, (t + b) / 2], [r - d, b], [l + d, b], [l, (t + b) / 2]]); },
    slant: (c, l, t, r, b) => { const d = Math.min(14, (b - t) / 3); polygon(c, [[l + d, t], [r, t], [r - d, b], [l, b]]); },
    cut: (c, l, t, r, b) => { const d = Math.min(11, (b - t) / 3); polygon(c, [[l + d, t], [r - d, t], [r, t + d], [r, b - d], [r - d, b], [l + d, b], [l, b - d], [l, t + d]]); },
    note: (c, l, t, r, b) => { const d = Math.min(14, (b - t) / 3); polygon(c, [[l, t], [r - d, t], [r, t + d], [r, b], [l, b]]); },
    lens: (c, l, t, r, b) => { const d = Math.min(16, (b - t) / 2.6); c.beginPath(); c.moveTo(l + d, t); c.lineTo(r - d, t); c.quadraticCurveTo(r + d / 2, (t + b) / 2, r - d, b); c.lineTo(l + d, b); c.quadraticCurveTo(l - d / 2, (t + b) / 2, l + d, t); c.closePath(); },
    stack: (c, l, t, r, b) => { c.beginPath(); c.roundRect(l, t, r - l, b - t, 4); c.moveTo(l + 6, b + 4); c.lineTo(r + 4, b + 4); c.lineTo(r + 4, t + 6); },
  };
  const shape = (ctx, style, l, t, r, b, line) => {
    (outlines[style.shape] || outlines.card)(ctx, l, t, r, b);
    ctx.fillStyle = style.fill;
    ctx.fill();
    ctx.lineWidth = line;
    ctx.strokeStyle = style.line;
    ctx.stroke();
  };
  const mark = (ctx, style, x, y, size) => {
    if (!style.mark) return;
    ctx.font = `700 ${size}px ${FONT}`;
    ctx.fillStyle = style.line;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillText(style.mark, x, y);
  };

  const render = ({ ctx, id, x, y, state: { selected, hover } }) => {
    const node = details.get(id);
    const style = styles.get(node.type);
    const { w, h } = node;
    return {
      drawNode() {
        ctx.save();
        if (state.bright && !state.bright.has(id)) ctx.globalAlpha = 0.16;
        const l = x - w / 2, t = y - h / 2;
        if (selected || hover) { ctx.shadowColor = "rgba(20, 40, 80, .35)"; ctx.shadowBlur = selected ? 16 : 9; ctx.shadowOffsetY = 2; }
        shape(ctx, style, l, t, l + w, t + h, selected ? 3.2 : 1.4);
        ctx.shadowColor = "transparent";
        const inset = style.mark ? 34 : 18;
        mark(ctx, style, l + 18, y, 17);
        ctx.textAlign = "left";
        ctx.textBaseline = "top";
        let at = node.caption ? t + 8 : y - (node.lines.length * page.leading) / 2 + 2;
        if (node.caption) {
          ctx.fillStyle = style.soft;
          ctx.font = `500 11.5px ${FONT}`;
          ctx.fillText(node.caption, l + inset, at, w - inset - 14);
          at += 16;
        }
        ctx.fillStyle = style.ink;
        node.lines.forEach((line, i) => {
          ctx.font = `${style.bold && (i === 0 || node.type !== "trial") ? 600 : 400} ${page.font}px ${FONT}`;
          ctx.fillText(line, l + inset, at, w - inset - 12);
          at += page.leading;
        });
        ctx.restore();
      },
      nodeDimensions: { width: w, height: h },
    };
  };

  /* --- the drawing ----------------------------------------------------------------------------------------------------------------------- */

  const nodes = new vis.DataSet(net.nodes.map((node) => ({ ...node, ctxRenderer: render })));
  const links = net.edges.map((edge, index) => ({ ...edge, index }));
  /* vis-network draws lines from centre to centre; ours leave a box at its side, each at a port of its own, so they are drawn here. */
  const network = new vis.Network($("mynetwork"), { nodes, edges: [] }, net.options);
  const column = (id) => details.get(id).column;
  const shown = (id) => !state.hidden.has(details.get(id).type);

  const route = () => {
    const at = network.getPositions();
    const sides = new Map();
    const live = links.filter((link) => shown(link.from) && shown(link.to));
    for (const link of live) {
      const ahead = Math.sign(column(link.to) - column(link.from)) || (at[link.to].x >= at[link.from].x ? 1 : -1);
      const same = column(link.to) === column(link.from);
      link.ends = [[link.from, link.to, ahead], [link.to, link.from, same ? ahead : -ahead]].map(([id, other, side]) => {
        const key = `${id} ${side}`;
        if (!sides.has(key)) sides.set(key, []);
        const end = { id, side, other: at[other].y };
        sides.get(key).push(end);
        return end;
      });
    }
    for (const ends of sides.values()) {
      ends.sort((a, b) => a.other - b.other);
      const { w, h } = details.get(ends[0].id);
      const step = Math.min(9, (h - 18) / Math.max(1, ends.length - 1));
      ends.forEach((end, i) => { end.x = at[end.id].x + end.side * w / 2; end.y = at[end.id].y + (i - (ends.length - 1) / 2) * step; });
    }
    for (const link of live) {
      const [a, b] = link.ends;
      const bend = Math.max(30, Math.abs(b.x - a.x) * 0.45);
      link.curve = [[a.x, a.y], [a.x + a.side * bend, a.y], [b.x + b.side * bend, b.y], [b.x + b.side * 7, b.y]];
    }
    return live;
  };
  const point = ([p, q, r, s], t) => [0, 1].map((i) => (1 - t) ** 3 * p[i] + 3 * (1 - t) ** 2 * t * q[i] + 3 * (1 - t) * t * t * r[i] + t ** 3 * s[i]);
  const lit = (link) => !state.bright || (!state.query && state.bright.has(link.from) && state.bright.has(link.to));
  const stroke = (ctx, link) => {
    const [p, q, r, s] = link.curve;
    const strong = state.bright && lit(link);
    ctx.globalAlpha = link === state.link ? 1 : lit(link) ? (strong ? 1 : 0.72) : 0.07;
    ctx.strokeStyle = ctx.fillStyle = link.line;
    ctx.lineWidth = link.strength + (strong || link === state.link ? 0.9 : 0);
    ctx.setLineDash(link.dash);
    ctx.beginPath(); ctx.moveTo(...p); ctx.bezierCurveTo(...q, ...r, ...s); ctx.stroke();
    ctx.setLineDash([]);
    const tip = s[0] - 7 * link.ends[1].side;
    polygon(ctx, [[tip, s[1]], [tip + 9 * link.ends[1].side, s[1] - 4], [tip + 9 * link.ends[1].side, s[1] + 4]]);
    ctx.fill();
  };
  let live = [];
  network.on("beforeDrawing", (ctx) => {
    ctx.save();
    for (const lane of page.lanes) {
      ctx.fillStyle = lane.odd ? "rgba(31, 58, 95, .045)" : "rgba(31, 58, 95, .022)";
      ctx.beginPath(); ctx.roundRect(lane.left, lane.top, lane.right - lane.left, lane.bottom - lane.top, 14); ctx.fill();
    }
    ctx.textAlign = "center";
    ctx.textBaseline = "alphabetic";
    ctx.fillStyle = "#5b6472";
    ctx.font = `600 15px ${FONT}`;
    for (const heading of page.columns) ctx.fillText(heading.title, heading.x, heading.y);
    live = route();
    for (const link of live) if (!lit(link)) stroke(ctx, link);
    for (const link of live) if (lit(link)) stroke(ctx, link);
    ctx.restore();
  });
  const linkAt = (x, y) => {
    let best = null, least = (7 / network.getScale()) ** 2;
    for (const link of live) for (let t = 0; t <= 1; t += 1 / 40) {
      const [px, py] = point(link.curve, t);
      const d = (px - x) ** 2 + (py - y) ** 2;
      if (d < least) { least = d; best = link; }
    }
    return best;
  };
  /* Everything, when it can be read that way; else the full width from the top, to be dragged. */
  const fit = (animate) => {
    const { width, height } = $("mynetwork").getBoundingClientRect();
    if (!width || !height) return;
    const { left, right, top, bottom } = page.bounds;
    const whole = Math.min(width / (right - left), height / (bottom - top));
    const wide = Math.min(width / (right - left), 1.15);
    const scale = whole < 0.6 ? Math.min(wide, 0.85) : Math.min(whole, 1.15);
    const middle = scale * (bottom - top) > height ? top + height / scale / 2 : (top + bottom) / 2;
    network.moveTo({ position: { x: (left + right) / 2, y: middle }, scale, animation: animate ? { duration: 350 } : false });
  };

  /* --- what is bright: the search's hits, else the chosen node with all that leads to it and from it ------------------------------------- */

  const neighbours = new Map([...details.keys()].map((id) => [id, []]));
  for (const link of links) { neighbours.get(link.from).push([link.to, link]); neighbours.get(link.to).push([link.from, link]); }
  const reach = (start, step) => {
    const seen = new Set([start]);
    for (const id of seen) for (const [next] of neighbours.get(id)) if (Math.sign(column(next) - column(id)) === step && shown(next)) seen.add(next);
    return seen;
  };
  const related = (id) => new Set([...reach(id, -1), ...reach(id, 1), ...neighbours.get(id).map(([next]) => next)]);

  const refresh = () => {
    for (const tip of document.querySelectorAll(".vis-tooltip")) tip.style.visibility = "hidden";
    const found = state.query ? new Set(search(state.query).map((hit) => hit.node)) : null;
    state.bright = found || (state.selected ? related(state.selected) : null);
    network.redraw();
  };

  /* --- search ---------------------------------------------------------------------------------------------------------------------------- */

  const fold = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  const entries = [];
  for (const [id, node] of details) if (node.type !== "group") entries.push({ node: id, label: node.label, under: node.word, text: fold([node.label, node.word, node.curie, node.text || "", ...(node.names || [])].join("\n")) });
  for (const [id, criterion] of sentences) if (criterion.node !== id) entries.push({ node: criterion.node, sentence: id, label: criterion.text, under: criterion.section, text: fold(criterion.text) });
  const search = (query) => {
    const words = fold(query).split(/\s+/).filter(Boolean);
    return words.length ? entries.filter((entry) => details.has(entry.node) && shown(entry.node) && words.every((word) => entry.text.includes(word))) : [];
  };
  const marked = (text, query) => {
    const words = query.trim().split(/\s+/).filter(Boolean).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    if (!words.length) return [text];
    return text.split(new RegExp(`(${words.join("|")})`, "i")).map((part, i) => (i % 2 ? el("mark", {}, part) : part));
  };
  const showHits = () => {
    const hits = search(state.query);
    $("count").textContent = state.query ? `${hits.length} found` : "";
    $("hits").hidden = !state.query || !hits.length;
    $("hits").replaceChildren(...hits.slice(0, 40).map((hit) => el("li", {}, el("button", { type: "button", onclick: () => pick(hit) }, ...marked(cutTo(hit.label, 140), state.query), el("small", {}, hit.under)))));
  };
  const pick = (hit) => {
    $("search").value = state.query = "";
    showHits();
    choose(hit.node, hit.sentence);
    $("detail").focus({ preventScroll: true });
    network.focus(hit.node, { scale: Math.max(network.getScale(), 0.8), animation: { duration: 350 } });
  };

  /* --- the panel ------------------------------------------------------------------------------------------------------------------------- */

  const cutTo = (text, length) => (text.length > length ? `${text.slice(0, length - 1)}…` : text);
  const el = (name, attributes, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
      else if (value !== false && value !== undefined) element.setAttribute(key, value === true ? "" : value);
    }
    element.append(...children.filter((child) => child !== null && child !== undefined));
    return element;
  };
  const swatch = (style, width = 30, height = 18) => {
    const canvas = el("canvas", { width: width * 2, height: height * 2, style: `width:${width}px;height:${height}px`, "aria-hidden": "true" });
    const ctx = canvas.getContext("2d");
    ctx.scale(2, 2);
    shape(ctx, style, 2, 2, width - (style.shape === "stack" ? 6 : 2), height - (style.shape === "stack" ? 6 : 2), 1.4);
    mark(ctx, style, width / 2, height / 2 + 0.5, 11);
    return canvas;
  };
  const tone = (section) => ({ exclusion: "no", inclusion: "yes" })[section] || "";
  const pairs = (facts) => (facts.length ? el("dl", {}, ...facts.flatMap(([key, value]) => [el("dt", {}, key), el("dd", {}, value)])) : null);
  const cited = (keys) => {
    if (!keys || !keys.length) return [];
    const name = (key) => { const source = sources.get(key); return source ? [source.title, source.version, source.retrieved && `retrieved ${source.retrieved}`].filter(Boolean).join(", ") : key; };
    return [el("h3", {}, "Read in"), el("ul", { class: "src" }, ...keys.map((key) => el("li", {}, name(key))))];
  };
  const sentenceList = (criteria) => {
    const list = el("ul", { class: "say" });
    for (const criterion of criteria) {
      const button = el("button", { type: "button", class: `${tone(criterion.tone)} ${criterion.rules.length ? "ruled" : ""}`, style: `margin-left:${criterion.depth * 18}px`, "data-criterion": criterion.id, onclick: () => choose(criterion.node, criterion.id) }, criterion.text);
      list.append(el("li", {}, button));
    }
    return list;
  };
  const bySection = (criteria) => {
    const parts = [];
    for (const section of [...new Set(criteria.map((criterion) => criterion.section))]) {
      const these = criteria.filter((criterion) => criterion.section === section);
      parts.push(el("h3", {}, `${section} · ${these.length}`), sentenceList(these));
    }
    return parts;
  };
  const sentence = (criterion) => [
    el("blockquote", { class: tone(criterion.tone), id: "sentence" }, criterion.text),
    pairs([["trial", criterion.nct], ["stands under", criterion.section], ["characters", `${criterion.start}–${criterion.end} of the eligibility text`], ...criterion.facts]),
    ...criterion.rules.flatMap((rule) => [el("h3", {}, "Understood as"), pairs(rule)]),
  ];
  const near = (id) => {
    const seen = neighbours.get(id).filter(([next]) => shown(next));
    if (!seen.length) return [];
    const line = ([next, edge]) => el("li", {}, el("button", { type: "button", onclick: () => choose(next) }, el("em", {}, edge.from === id ? edge.word : `← ${edge.word}`), el("span", {}, cutTo(details.get(next).label, 120))));
    return [el("h3", {}, "Connected to"), el("ul", { class: "near" }, ...seen.map(line))];
  };
  const overview = () => [
    ...page.trials.flatMap((trial) => [
      el("h2", {}, trial.nct), el("p", { class: "hint" }, trial.title), pairs(trial.facts), ...bySection(trial.criteria),
    ]),
  ];
  const describe = (id, sentenceId) => {
    const node = details.get(id);
    const style = styles.get(node.type);
    const criterion = sentences.get(sentenceId || id);
    const head = [el("p", { class: "kind" }, swatch(style), node.word)];
    if (criterion) head.push(...sentence(criterion));
    else head.push(el("h2", {}, node.label), ...(node.text ? [el("blockquote", {}, node.text)] : []));
    if (node.type === "group") return [...head, ...(criterion ? [] : [sentenceList(node.criteria.map((each) => sentences.get(each)))])];
    if (node.type === "trial") head.push(...bySection(page.trials.find((trial) => trial.id === id).criteria));
    const named = node.curie ? [["identifier", node.curie], ...(node.same.length ? [["same as", node.same.join("\n")]] : [])] : [];
    return [...head, pairs([...node.facts, ...named]), ...near(id), ...cited(node.sources)];
  };
  const connection = (edge) => [
    el("p", { class: "kind" }, "connection"),
    el("h2", {}, `${cutTo(details.get(edge.from).label, 90)} — ${edge.word} — ${cutTo(details.get(edge.to).label, 90)}`),
    pairs(edge.facts || []), ...cited(edge.sources),
  ];
  const show = (children, home) => {
    if (!home) document.body.classList.remove("closed");
    $("back").hidden = home;
    $("detail").replaceChildren(...children.filter(Boolean));
    $("detail").scrollTop = 0;
  };
  const choose = (id, sentenceId) => {
    if (!details.has(id)) return;
    state.selected = id;
    state.link = null;
    network.selectNodes([id]);
    show(describe(id, sentenceId), false);
    refresh();
  };
  const clear = () => {
    state.selected = state.link = null;
    network.unselectAll();
    show(overview(), true);
    refresh();
  };

  /* --- legend, filters, tools ------------------------------------------------------------------------------------------------------------ */

  const toggle = (type, button) => {
    state.hidden.has(type) ? state.hidden.delete(type) : state.hidden.add(type);
    button.setAttribute("aria-pressed", String(!state.hidden.has(type)));
    nodes.update(nodes.get().map((node) => ({ id: node.id, hidden: state.hidden.has(details.get(node.id).type) })));
    showHits();
    refresh();
  };
  for (const type of page.types) {
    const count = [...details.values()].filter((node) => node.type === type.type).length;
    if (!count) continue;
    const button = el("button", { type: "button", "aria-pressed": "true", "data-type": type.type, title: `Hide or show: ${type.plural}` }, swatch(type), count === 1 ? type.word : type.plural, el("span", {}, String(count)));
    button.addEventListener("click", () => toggle(type.type, button));
    $("types").append(button);
    if (!type.shown) toggle(type.type, button);
  }
  for (const kind of page.links) {
    const canvas = el("canvas", { width: 64, height: 16, style: "width:32px;height:8px", "aria-hidden": "true" });
    const ctx = canvas.getContext("2d");
    ctx.lineWidth = 4; ctx.strokeStyle = kind.line; ctx.setLineDash(kind.dash.map((d) => d * 2));
    ctx.beginPath(); ctx.moveTo(2, 8); ctx.lineTo(62, 8); ctx.stroke();
    $("links").append(el("span", {}, canvas, kind.word));
  }

  network.on("click", ({ nodes: [id], pointer: { canvas } }) => {
    const found = id === undefined ? linkAt(canvas.x, canvas.y) : null;
    if (id !== undefined) choose(id);
    else if (found) { clear(); state.link = found; show(connection(found), false); refresh(); }
    else clear();
  });
  $("search").addEventListener("input", () => { state.query = $("search").value.trim(); showHits(); refresh(); });
  $("search").addEventListener("keydown", (event) => {
    if (event.key === "Enter") { const [hit] = search(state.query); if (hit) pick(hit); }
    if (event.key === "Escape") { $("search").value = state.query = ""; showHits(); refresh(); }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && document.activeElement !== $("search")) { event.preventDefault(); $("search").focus(); }
    if (event.key === "Escape" && document.activeElement !== $("search")) clear();
  });
  document.addEventListener("click", (event) => { if (!event.target.closest(".find")) $("hits").hidden = true; });
  $("search").addEventListener("focus", showHits);
  $("back").addEventListener("click", clear);
  $("close").addEventListener("click", () => document.body.classList.add("closed"));
  $("open").addEventListener("click", () => document.body.classList.remove("closed"));
  $("fit").addEventListener("click", () => fit(true));
  const zoom = (factor) => network.moveTo({ scale: network.getScale() * factor, animation: { duration: 200 } });
  $("closer").addEventListener("click", () => zoom(1.3));
  $("further").addEventListener("click", () => zoom(1 / 1.3));

  clear();
  if (window.innerWidth < 1300) document.body.classList.add("closed");
  /* Refit when the window or the panel changes the room, until the reader has zoomed or dragged. */
  let touched = false;
  network.on("zoom", () => { touched = true; });
  network.on("dragEnd", () => { touched = true; });
  new ResizeObserver(() => { network.setSize("100%", "100%"); network.redraw(); if (!touched) fit(false); }).observe($("stage"));
  window.trialkg = { network, nodes, links, page, choose, clear };
})();

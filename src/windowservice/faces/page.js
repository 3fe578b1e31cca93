"use strict";
// What the page does beyond being read: one view at a time, and findings that are searched, chosen, sorted and leafed through.
const body = document.body;
for (const button of document.querySelectorAll("nav button[data-view]")) {
  button.addEventListener("click", () => {
    body.dataset.view = button.dataset.view;
    for (const other of document.querySelectorAll("nav button[data-view]")) other.setAttribute("aria-pressed", other === button);
  });
}
addEventListener("beforeprint", () => document.querySelectorAll("details").forEach(one => { one.open = true; }));

const data = document.getElementById("data");
if (data) {
  const { columns, words, rows, labels } = JSON.parse(data.textContent);
  const texts = rows.map(row => row.map((place, at) => words[at][place]));
  const whole = texts.map(row => row.join("\u0001").toLowerCase());
  const find = document.getElementById("find"), tbody = document.querySelector("#all tbody"), told = document.getElementById("told");
  const choices = [...document.querySelectorAll("#findings select")];
  const SIZE = 100;
  let shown = [], page = 0, by = -1, down = false;
  const cells = row => {
    const tr = document.createElement("tr");
    tr.className = "t-" + labels[rows[row][0]];
    for (const text of texts[row]) {
      const td = tr.appendChild(document.createElement("td"));
      td.appendChild(document.createElement("bdi")).textContent = text;
    }
    return tr;
  };
  const draw = () => {
    const last = Math.max(0, Math.ceil(shown.length / SIZE) - 1);
    page = Math.min(page, last);
    tbody.replaceChildren(...shown.slice(page * SIZE, page * SIZE + SIZE).map(cells));
    told.textContent = `${shown.length} / ${rows.length} · ${page + 1} / ${last + 1}`;
    document.getElementById("back").disabled = page === 0;
    document.getElementById("on").disabled = page === last;
  };
  const choose = () => {
    const asked = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = choices.map(one => [Number(one.dataset.column), one.value]).filter(([, value]) => value !== "");
    shown = [];
    for (let row = 0; row < rows.length; row++) {
      if (wanted.every(([at, value]) => texts[row][at] === value) && asked.every(word => whole[row].includes(word))) shown.push(row);
    }
    if (by >= 0) shown.sort((a, b) => (down ? -1 : 1) * texts[a][by].localeCompare(texts[b][by], undefined, { numeric: true }) || a - b);
    page = 0;
    draw();
  };
  columns.forEach((_, at) => document.querySelectorAll("#all th button")[at].addEventListener("click", event => {
    down = by === at && !down;
    by = at;
    document.querySelectorAll("#all th").forEach((th, place) => th.setAttribute("aria-sort", place === at ? (down ? "descending" : "ascending") : "none"));
    choose();
  }));
  find.addEventListener("input", choose);
  choices.forEach(one => one.addEventListener("change", choose));
  document.getElementById("back").addEventListener("click", () => { page--; draw(); });
  document.getElementById("on").addEventListener("click", () => { page++; draw(); });
  addEventListener("keydown", event => {
    if (event.key === "/" && !/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName)) { event.preventDefault(); find.focus(); }
  });
  choose();
}

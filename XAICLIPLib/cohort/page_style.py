"""What `cohort.html` looks like, and its script: it sorts and filters the table of all cases without a server."""

STYLE = """
body{max-width:1072px}
.totals{display:flex;flex-wrap:wrap;gap:12px;margin:12px 0}
.totals div{border:1px solid #d5dbe0;padding:8px 16px;min-width:110px}
.totals strong{display:block;font-size:24px;line-height:1.2}
.failed strong{color:#b3261e}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(200px,1fr));gap:14px}
.card{border:1px solid #d5dbe0;padding:8px;font-size:13px;break-inside:avoid}
.card img{width:100%;background:#000;aspect-ratio:1;object-fit:contain;margin:0 0 6px}
.card a,.all a{color:#1b5e9b}
.spreads{display:grid;grid-template-columns:repeat(auto-fill,minmax(250px,1fr));gap:14px}
.spreads figure{margin:0;break-inside:avoid}.spreads figcaption{font-size:13px}
.spreads svg{width:100%;height:90px;display:block}
.controls{display:flex;flex-wrap:wrap;gap:10px;margin:8px 0;align-items:center;font-size:13px}
.controls input,.controls select,.controls button{font:inherit;padding:4px 8px}
.all{overflow-x:auto}.all table{width:100%}
.all th{position:sticky;top:0;background:#fff;vertical-align:bottom}
.all td:first-child{white-space:nowrap}.all td,.all th{padding-right:8px}.all th.n button{text-align:right}
.all th button{font:inherit;font-weight:600;border:0;background:none;padding:0;cursor:pointer;color:inherit}
.all th button:focus-visible{outline:2px solid #1b5e9b}
.far{background:#fff1c9}
@media print{.controls,.more{display:none}.all th{position:static}}
"""
SCRIPT = """
(() => {
if (!document.getElementById("rows")) return;
const data = JSON.parse(document.getElementById("rows").textContent);
const body = document.querySelector(".all tbody"), find = document.getElementById("find");
const structure = document.getElementById("structure"), trust = document.getElementById("trust");
const only = document.getElementById("outliers"), more = document.getElementById("more");
const count = document.getElementById("count"), heads = [...document.querySelectorAll(".all th button")];
const step = 200;
let shown = step, column = -1, up = true;
const link = (row, text) => {
  if (!row.l) return document.createTextNode(text);
  const a = document.createElement("a");
  a.href = row.l; a.textContent = text;
  return a;
};
const words = v => v === null ? "\\u2013" : typeof v !== "number" ? v
  : Number.isInteger(v) ? String(v) : Math.abs(v) >= 1000 ? v.toFixed(0) : String(+v.toPrecision(4));
const chosen = () => {
  const text = find.value.trim().toLowerCase();
  let rows = data.rows.filter(r =>
    (!text || r.v.some(v => String(v ?? "").toLowerCase().includes(text))) &&
    (!structure?.value || r.v[1] === structure.value) && (!trust?.value || r.v[2] === trust.value) &&
    (!only.checked || r.f.length));
  if (column >= 0) {
    const sign = up ? 1 : -1;
    rows = rows.map((r, i) => [r, i]).sort(([a, i], [b, j]) => {
      const x = a.v[column], y = b.v[column];
      if (x === null || y === null) return (x === null) - (y === null) || i - j;
      return sign * (typeof x === "number" && typeof y === "number" ? x - y : String(x).localeCompare(String(y)))
        || i - j;
    }).map(([r]) => r);
  }
  return rows;
};
const draw = () => {
  const rows = chosen(), piece = document.createDocumentFragment();
  for (const row of rows.slice(0, shown)) {
    const line = document.createElement("tr");
    row.v.forEach((value, i) => {
      const cell = document.createElement("td");
      if (data.numeric[i]) cell.className = "n";
      if (row.f.includes(i)) { cell.classList.add("far"); cell.title = "an outlier"; }
      cell.append(i ? document.createTextNode(words(value)) : link(row, value));
      line.append(cell);
    });
    piece.append(line);
  }
  body.replaceChildren(piece);
  count.textContent = `${Math.min(shown, rows.length)} of ${rows.length} rows`;
  more.hidden = rows.length <= shown;
};
heads.forEach((button, i) => button.addEventListener("click", () => {
  up = column === i ? !up : true; column = i;
  heads.forEach((b, j) => b.parentElement.setAttribute("aria-sort",
    j === i ? (up ? "ascending" : "descending") : "none"));
  draw();
}));
[find, structure, trust, only].filter(e => e).forEach(e =>
  e.addEventListener("input", () => { shown = step; draw(); }));
more.addEventListener("click", () => { shown += 5 * step; draw(); });
document.querySelector(".controls").hidden = false;
draw();
})();
"""

// Scripts beyond htmx: live notices, ages, review keys, dialogs, messages.
"use strict";

// --- live: one connection, only while the page is visible, so that many tabs do not use up the browser's connections
const live = document.querySelector("[data-live]");
let source = null;
let refresh = null;

function askRefresh() {
  if (!refresh) {
    refresh = setTimeout(() => {
      refresh = null;
      if (!document.querySelector("dialog[open]")) {
        document.body.dispatchEvent(new Event("datman-refresh"));
      } else {
        askRefresh();
      }
    }, 800);
  }
}

function showLive(on, words) {
  const place = document.getElementById("live");
  if (place) {
    place.firstElementChild.textContent = on ? "●" : "○";
    place.querySelector(".words").textContent = words;
    place.classList.toggle("on", on);
  }
}

function connect() {
  if (!live || source || document.visibilityState !== "visible") return;
  const query = new URLSearchParams();
  if (live.dataset.study) query.set("study", live.dataset.study);
  if (live.dataset.session) query.set("session", live.dataset.session);
  source = new EventSource("/live?" + query);
  source.onopen = () => showLive(true, "live");
  source.onmessage = (event) => {
    if (event.data.startsWith("changed")) askRefresh();
  };
  source.onerror = () => {
    showLive(false, "reconnecting …");
    if (source && source.readyState === EventSource.CLOSED) {
      source = null;
      setTimeout(() => { connect(); askRefresh(); }, 5000);
    }
  };
}

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") {
    connect();
    askRefresh();
  } else if (source) {
    source.close();
    source = null;
    showLive(false, "paused");
  }
});
connect();

// --- ages
function ages(root) {
  const now = Date.now();
  for (const time of root.querySelectorAll("time.age")) {
    const at = Date.parse(time.dateTime);
    const s = Math.max(0, (now - at) / 1000);
    time.title = new Date(at).toLocaleString();
    time.textContent = s < 10 ? "just now" : s < 120 ? Math.round(s) + " s ago" : s < 7200 ? Math.round(s / 60) + " min ago"
      : s < 172800 ? Math.round(s / 3600) + " h ago" : s < 5184000 ? Math.round(s / 86400) + " d ago" : time.dateTime.slice(0, 10);
  }
}
ages(document);
setInterval(() => ages(document), 15000);

// --- state kept over a refresh: opened details, and unsaved text in a field with a unique name
function loginEnded(xhr) {
  return new URL(xhr.responseURL || location.href, location.href).pathname === "/login";
}
let opened = [];
let written = new Map();
document.body.addEventListener("htmx:beforeSwap", (event) => {
  if (loginEnded(event.detail.xhr)) {
    event.detail.shouldSwap = false;
    // Only for requests that read: a reload would lose unsaved text in a form that was sent.
    if (event.detail.requestConfig.verb === "get" && !document.querySelector("dialog[open]")) location.reload();
    return;
  }
  const target = event.detail.target;
  opened = [...target.querySelectorAll("details[id]")].map((d) => [d.id, d.open]);
  written = new Map([...target.querySelectorAll("input[id],textarea[id]")].map((i) => [i.id, i.value]));
});
document.body.addEventListener("htmx:afterSwap", (event) => {
  for (const [id, open] of opened) {
    const details = document.getElementById(id);
    if (details) details.open = open;
  }
  for (const [id, value] of written) {
    const field = document.getElementById(id);
    if (field) field.value = value;
  }
  ages(event.target);
});

// --- log of a run: its end is followed, or the place is kept where somebody reads
let places = new Map();
function followLogs() {
  const follow = document.getElementById("follow")?.checked;
  for (const log of document.querySelectorAll("pre.log")) {
    log.scrollTop = follow ? log.scrollHeight : places.get(log.id) || 0;
  }
}
document.body.addEventListener("htmx:beforeSwap", (event) => {
  // Who marks text to copy it keeps it.
  if (event.detail.target.id === "log" && String(getSelection())) event.detail.shouldSwap = false;
  places = new Map([...document.querySelectorAll("pre.log")].map((log) => [log.id, log.scrollTop]));
});
document.body.addEventListener("htmx:afterSwap", followLogs);
document.getElementById("follow")?.addEventListener("change", followLogs);
followLogs();

// --- messages
function notify(text, bad) {
  // An open dialog covers everything else: the message is shown inside it.
  const place = document.querySelector("dialog[open] .messages") || document.getElementById("messages");
  const p = document.createElement("p");
  p.textContent = (bad ? "✖ " : "● ") + text;
  p.className = bad ? "bad" : "good";
  place.append(p);
  setTimeout(() => p.remove(), bad ? 15000 : 4000);
}
document.body.addEventListener("htmx:afterRequest", (event) => {
  const { xhr, requestConfig, successful } = event.detail;
  if (requestConfig.verb === "get") return;
  if (successful && loginEnded(xhr)) {
    notify("Your login has ended and nothing was saved. Log in again in another tab; what you wrote is still here.", true);
  } else if (successful) {
    for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
    notify(xhr.responseText || "Saved");
  }
});
document.body.addEventListener("htmx:responseError", (event) => {
  const { xhr } = event.detail;
  const text = xhr.getResponseHeader("Content-Type")?.startsWith("text/plain") ? xhr.responseText : "";
  notify(text || (xhr.status === 403 ? "Your account may not do this. Ask your DATMAN admin." : xhr.status === 413 ? "What you wrote is too long. Shorten it and try again." : xhr.status === 401 ? "Your login has ended. Log in again in another tab; what you wrote is still here." : "The server answered " + xhr.status + ". Try again; if it stays, look at the log of the dashboard."), true);
});
document.body.addEventListener("htmx:sendError", () => notify("The dashboard cannot be reached. What you wrote is still here; try again.", true));
document.body.addEventListener("datman-changed", askRefresh);

// --- progress of requests
let running = 0;
document.body.addEventListener("htmx:beforeRequest", () => { running++; document.body.classList.add("busy"); });
document.body.addEventListener("htmx:afterRequest", () => { running--; if (running <= 0) document.body.classList.remove("busy"); });

// --- review: p f b n on the image that has the focus
function current() {
  return document.activeElement?.closest?.("article.image") || null;
}
function next() {
  const images = [...document.querySelectorAll("article.image")];
  const from = images.indexOf(current());
  const order = [...images.slice(from + 1), ...images.slice(0, from + 1)];
  const open = order.find((i) => i.dataset.review === "NEW" || i.dataset.review === "STALE");
  if (open) {
    open.focus();
    open.scrollIntoView({ block: "center" });
  } else {
    location.href = "/review/next?session=" + encodeURIComponent(live?.dataset.session || "");
  }
}
// A link to a series focuses its first image, so that n continues from there.
if (location.hash.startsWith("#series-")) {
  const series = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  series?.querySelector("article.image")?.focus({ preventScroll: true });
}
function ask(button) {
  const dialog = document.getElementById("ask");
  const from = new FormData(button.closest("form"));
  for (const name of ["server", "accession", "scan", "stem", "seen"]) dialog.querySelector(`[name=${name}]`).value = from.get(name);
  dialog.querySelector("[name=decision]").value = button.dataset.ask;
  // Unsaved text for one image stays with it, and is never offered for another.
  const about = from.get("server") + "/" + from.get("accession") + "/" + from.get("scan") + "/" + from.get("stem") + "/" + from.get("seen");
  const words = dialog.querySelector("textarea");
  if (dialog.dataset.about !== about) words.value = "";
  dialog.dataset.about = about;
  dialog.querySelector(".messages").replaceChildren();
  dialog.querySelector("#ask-title").textContent = (button.dataset.ask === "FLAGGED" ? "Flag " : "Blacklist ") + from.get("stem");
  dialog.showModal();
}
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input,textarea,select,dialog")) return;
  if (event.key === "n") { event.preventDefault(); next(); return; }
  if (event.key === "/") { event.preventDefault(); document.querySelector("input[name=q]")?.focus(); return; }
  const button = current()?.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (button) { event.preventDefault(); button.click(); }
});
document.addEventListener("click", (event) => {
  const asking = event.target.closest("[data-ask]");
  if (asking) { ask(asking); return; }
  const close = event.target.closest("[data-close]");
  if (close) { close.closest("dialog").close(); return; }
  const picture = event.target.closest("a.picture");
  if (picture && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    const dialog = document.getElementById("large");
    event.preventDefault();
    dialog.querySelector("img").src = picture.href;
    dialog.querySelector("h2").textContent = picture.dataset.title;
    dialog.querySelector("p").textContent = picture.dataset.look;
    dialog.showModal();
  }
});
document.body.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful && !loginEnded(event.detail.xhr) && event.detail.requestConfig.path === "/reviews") {
    const ask = document.querySelector("#ask textarea");
    if (ask) ask.value = "";
    // The text of an accepted decision is not offered for the next.
    const comment = document.getElementById("signoff-comment");
    if (comment && event.detail.requestConfig.parameters?.comment === comment.value) comment.value = "";
  }
});

// --- on narrow screens each cell shows its column, because the table head is hidden
function labelCells(root) {
  for (const table of root.querySelectorAll("table")) {
    const heads = [...(table.tHead?.rows[0]?.cells || [])].map((h) => h.textContent.trim());
    if (!heads.length) continue;
    for (const body of table.tBodies) for (const row of body.rows) {
      let column = 0;
      for (const cell of row.cells) {
        if (cell.colSpan === 1 && heads[column]) cell.dataset.label = heads[column];
        column += cell.colSpan;
      }
    }
  }
}
labelCells(document);
document.body.addEventListener("htmx:afterSwap", (event) => labelCells(event.target.closest("table") || event.target));

// --- a choice that invalidates others submits the form without them
document.querySelectorAll("select[data-resets]").forEach((select) => select.addEventListener("change", () => {
  for (const name of select.dataset.resets.split(" ")) {
    const other = select.form.elements[name];
    other.disabled = true;
  }
  select.form.submit();
}));

// --- tables that sort by a click on a column's head: numbers as numbers, the rest as text
document.querySelectorAll("table[data-sortable]").forEach((table) => {
  table.querySelectorAll("thead th").forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      table.querySelectorAll("thead th").forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const of = (row) => row.cells[column].dataset.value ?? row.cells[column].textContent.trim();
      const order = (a, b) => {
        const x = of(a), y = of(b);
        const n = x !== "" && y !== "" && !isNaN(x) && !isNaN(y) ? Number(x) - Number(y) : x.localeCompare(y);
        return down ? -n : n;
      };
      const body = table.tBodies[0];
      body.append(...[...body.rows].sort(order));
    });
  });
});

"use strict";
// Without this script the page shows everything at once; with it, details appear where they are asked for.
const details = [...document.querySelectorAll(".detail")];
const nodes = [...document.querySelectorAll(".node[data-node]")];
const events = [...document.querySelectorAll("button[data-event]")];
const picture = document.querySelector(".picture");
const hint = document.querySelector(".hint");

function shown(id) {
  for (const detail of details) detail.hidden = detail.id !== "detail-" + id;
  for (const node of nodes) node.setAttribute("aria-pressed", String(node.dataset.node === id));
  hint.hidden = id !== null;
}

function trace(name) {
  picture.classList.toggle("tracing", name !== null);
  for (const button of events) button.setAttribute("aria-pressed", String(button.dataset.event === name));
  for (const part of document.querySelectorAll("[data-events]"))
    part.classList.toggle("traced", name !== null && part.dataset.events.split(" ").includes(name));
}

function visible(node) {
  return node.getClientRects().length > 0;
}

for (const node of nodes) {
  node.addEventListener("click", () => shown(node.dataset.node));
  node.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      shown(node.dataset.node);
    }
  });
}

for (const button of events)
  button.addEventListener("click", () => trace(button.getAttribute("aria-pressed") === "true" ? null : button.dataset.event));

const next = document.querySelector("button.next");
if (next) {
  let last = null;
  next.hidden = false;
  next.addEventListener("click", () => {
    const breaks = ["decisive", "named", "aside"].flatMap((weight) =>
      nodes.filter((node) => node.classList.contains(weight) && visible(node)));
    last = breaks[(breaks.indexOf(last) + 1) % breaks.length];
    shown(last.dataset.node);
    last.focus();
    last.scrollIntoView({ block: "nearest", inline: "center" });
  });
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    shown(null);
    trace(null);
  }
});

// What is folded on a screen is read on paper.
addEventListener("beforeprint", () => {
  for (const folded of document.querySelectorAll("details")) folded.open = true;
});

document.querySelector(".choose").hidden = false;
for (const button of events) button.disabled = false;
shown(null);
trace(null);

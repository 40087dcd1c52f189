// What HTML alone cannot do: start at today, step through what was known, open the quick entry by key.
"use strict";

function startAtToday(root) {
  for (const scroll of root.querySelectorAll(".scroll")) {
    const line = scroll.querySelector(".today path");
    if (line) scroll.scrollLeft = line.getBBox().x - scroll.clientWidth * 0.72;
  }
}

function germanDay(slider) {
  return slider.dataset.days.trim().split(" ")[Number(slider.value)];
}

function foldOnPhones() {
  const filters = document.querySelector(".filter-fold");
  if (filters && matchMedia("(max-width: 900px)").matches) filters.open = false;
}

function openQuickEntry() {
  const quick = document.getElementById("kontakt");
  if (!quick) return false;
  quick.open = true;
  quick.scrollIntoView({ block: "nearest" });
  quick.querySelector("select, input:not([type=hidden])").focus();
  return true;
}

document.addEventListener("input", (event) => {
  if (event.target.id !== "schritt") return;
  const day = germanDay(event.target);
  event.target.setAttribute("aria-valuetext", day);
  document.getElementById("wissen").value = day;
});

document.addEventListener("change", (event) => {
  if (event.target.id === "schritt") event.target.form.dispatchEvent(new Event("moved"));
});

document.addEventListener("keydown", (event) => {
  if (event.altKey && !event.ctrlKey && !event.metaKey && event.code === "KeyK") {
    if (openQuickEntry()) event.preventDefault();
  }
});

document.addEventListener("htmx:after:swap", () => startAtToday(document));

document.documentElement.classList.add("js");
foldOnPhones();
startAtToday(document);
if (location.hash === "#kontakt") openQuickEntry();
document.getElementById("meldung")?.focus();

// Reading a curve: the pointer, or the arrow keys, pick a point and say its step and value.

const SVG = "http://www.w3.org/2000/svg";

/** Makes every curve of the page readable; a curve that already is stays as it is. */
export function readCurves() {
  for (const curve of document.querySelectorAll(".curve:not([data-read])")) {
    curve.dataset.read = "";
    curve.querySelectorAll("svg[data-points]").forEach((svg) => read(curve, svg));
  }
}

function read(curve, svg) {
  const points = JSON.parse(svg.dataset.points);
  if (points.length === 0) return;
  const cross = svg.appendChild(document.createElementNS(SVG, "line"));
  cross.setAttribute("class", "cross");
  const dot = svg.appendChild(document.createElementNS(SVG, "circle"));
  dot.setAttribute("class", "dot");
  dot.setAttribute("r", "4");
  const show = (point) => {
    for (const part of [cross, dot]) part.toggleAttribute("hidden", !point);
    cross.style.display = dot.style.display = point ? "" : "none";
    curve.querySelector("output").textContent = point ? `step ${point[2]}: ${point[3]}` : "";
    if (!point) return;
    cross.setAttribute("x1", point[0]);
    cross.setAttribute("x2", point[0]);
    cross.setAttribute("y1", svg.dataset.top);
    cross.setAttribute("y2", svg.dataset.bottom);
    dot.setAttribute("cx", point[0]);
    dot.setAttribute("cy", point[1]);
  };
  show(null);
  svg.addEventListener("pointermove", (event) => show(nearest(points, position(svg, event))));
  svg.addEventListener("pointerleave", () => show(null));
  let chosen = points.length - 1;
  svg.addEventListener("keydown", (event) => {
    const move = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!move) return;
    event.preventDefault();
    chosen = Math.min(points.length - 1, Math.max(0, chosen + move));
    show(points[chosen]);
  });
  svg.addEventListener("focus", () => show(points[chosen]));
  svg.addEventListener("blur", () => show(null));
}

function position(svg, event) {
  const box = svg.getBoundingClientRect();
  return ((event.clientX - box.left) / box.width) * svg.viewBox.baseVal.width;
}

function nearest(points, x) {
  return points.reduce((best, point) =>
    Math.abs(point[0] - x) < Math.abs(best[0] - x) ? point : best,
  );
}

// Keeps the parts of a page that carry data-live as they are on the server. The server renders them;
// this module fetches the page again and swaps the parts that differ.

/** Follows the run that the page names, or asks every few seconds where it says so. */
export function keepFresh(afterwards) {
  const source = document.querySelector("[data-stream]");
  const period = document.querySelector("[data-refresh]");
  if (source) {
    follow(source.dataset.stream, afterwards);
  } else if (period) {
    setInterval(() => {
      if (!document.hidden) refresh(afterwards);
    }, Number(period.dataset.refresh) * 1000);
  }
}

function follow(address, afterwards) {
  const stream = new EventSource(address);
  let planned = false;
  let pause = 1500;
  const soon = () => {
    if (planned) return;
    planned = true;
    setTimeout(async () => {
      planned = false;
      await refresh(afterwards);
    }, pause * (0.5 + Math.random()));
  };
  stream.addEventListener("event", soon);
  stream.addEventListener("progress", (news) => {
    // The more pages are open, the longer each waits; not all as long, or all would come at once.
    pause = JSON.parse(news.data).pauseMillis;
    soon();
  });
  stream.addEventListener("error", () => {
    // The browser itself tries again after a lost connection, but not after a refusal.
    if (stream.readyState !== EventSource.CLOSED) return;
    setTimeout(() => {
      soon();
      follow(address, afterwards);
    }, 5000);
  });
  stream.addEventListener("end", () => {
    stream.close();
    soon();
  });
}

async function refresh(afterwards) {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer || !answer.ok) return;
  // To where one logs in: the server started anew and knows nobody.
  if (answer.redirected) return location.reload();
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of document.querySelectorAll("[data-live]")) {
    const next = fresh.getElementById(part.id);
    if (next && next.outerHTML !== part.outerHTML && !part.contains(document.activeElement)) {
      swap(part, document.importNode(next, true));
    }
  }
  afterwards();
}

function swap(part, next) {
  const log = part.matches("[data-tail]") ? part : part.querySelector("[data-tail]");
  const atEnd = log && log.scrollTop + log.clientHeight >= log.scrollHeight - 8;
  const across = [...part.querySelectorAll(".scroll")].map((box) => box.scrollLeft);
  const said = next.dataset.say;
  if (said && said !== part.dataset.say) document.getElementById("said").textContent = said;
  part.replaceWith(next);
  [...next.querySelectorAll(".scroll")].forEach((box, i) => (box.scrollLeft = across[i] ?? 0));
  const tail = next.matches("[data-tail]") ? next : next.querySelector("[data-tail]");
  if (tail && log) {
    tail.scrollTop = atEnd ? tail.scrollHeight : log.scrollTop;
    tail.scrollLeft = log.scrollLeft;
  }
}

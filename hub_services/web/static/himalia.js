// Follows a running job or start: an element with data-events gets each event's text, state and end.
// Every page works without it: the links and forms below each live part reload the page.
for (const region of document.querySelectorAll("[data-events]")) follow(region);

function follow(region) {
  const source = new EventSource(region.dataset.events);
  const log = region.querySelector("[data-log]");
  const stage = region.querySelector("[data-stage]");
  const bar = region.querySelector("progress");
  source.addEventListener("line", (event) => {
    if (!log) return;
    log.append(event.data + "\n");
    log.scrollTop = log.scrollHeight;
  });
  source.addEventListener("stage", (event) => {
    if (stage) stage.textContent = event.data;
  });
  source.addEventListener("progress", (event) => {
    const [done, total] = event.data.split("/").map(Number);
    if (bar && total) Object.assign(bar, { max: total, value: done });
  });
  source.addEventListener("goto", (event) => {
    source.close();
    location.replace(event.data);
  });
  source.addEventListener("end", () => {
    source.close();
    location.reload();
  });
}

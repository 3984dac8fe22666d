// Every page works without this file; it follows what runs, and says the reader's own time.

for (const region of document.querySelectorAll("[data-events]")) follow(region);
for (const field of document.querySelectorAll("[data-select]")) field.addEventListener("focus", () => field.select());
for (const time of document.querySelectorAll("time[datetime]")) sayOwnTime(time);
checkClock(document.querySelector("[data-now]"));

// An element with data-events gets each event's text, progress and end of a running job or start.
function follow(region) {
  const source = new EventSource(region.dataset.events);
  const part = (name) => region.querySelector(`[data-${name}]`);
  const log = part("log");
  const bar = region.querySelector("progress");
  source.addEventListener("line", (event) => {
    if (!log) return;
    log.append(event.data + "\n");
    log.scrollTop = log.scrollHeight;
  });
  source.addEventListener("stage", (event) => {
    if (part("stage")) part("stage").textContent = event.data;
  });
  source.addEventListener("progress", (event) => {
    const [done, total] = event.data.split("/").map(Number);
    if (bar && total) Object.assign(bar, { max: total, value: done });
  });
  source.addEventListener("goto", (event) => {
    source.close();
    location.replace(event.data);
  });
  source.addEventListener("failed", (event) => {
    source.close();
    if (part("going")) part("going").hidden = true;
    part("failed").hidden = false;
    part("reason").textContent = event.data;
  });
  source.addEventListener("end", () => {
    source.close();
    location.reload();
  });
}

// A page shows the site's time; where the reader's clock says another hour, that one is added.
function sayOwnTime(time) {
  const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)$/.exec(time.dateTime) || [];
  const moment = new Date(time.dateTime);
  const offset = sign ? Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes)) : 0;
  if (-moment.getTimezoneOffset() === offset) return;
  const style = { weekday: "long", hour: "2-digit", minute: "2-digit" };
  const own = moment.toLocaleString(document.documentElement.lang, style);
  time.append(` (${document.body.dataset.here.replace("{time}", own)})`);
}

function checkClock(notice) {
  if (notice) notice.hidden = Math.abs(Date.now() - Date.parse(notice.dataset.now)) < 300000;
}

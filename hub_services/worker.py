"""The worker: takes jobs, runs their feature's handler, keeps their lease; any number of workers may run."""

import logging
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from hub_services.app import FEATURES
from hub_services.web.feature import JobHandler
from hub_services.web.jobs import ClaimedJob, JobFailed, LeaseLost
from hub_services.web.metrics import JOB_SECONDS, exposition
from hub_services.web.platform import Platform

logger = logging.getLogger("himalia.worker")

HANDLERS: Mapping[str, JobHandler] = {kind: handler for feature in FEATURES for kind, handler in feature.jobs.items()}
_IDLE_SECONDS = 0.25
_HEARTBEAT_SECONDS = 5.0


def run(platform: Platform, stopping: threading.Event) -> None:
    """Work until `stopping` is set: as many jobs at a time as the settings say."""
    server = _serve_health(platform)
    threads = [threading.Thread(target=_work, args=(platform, stopping)) for _ in range(platform.settings.grading.workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    server.shutdown()


def _work(platform: Platform, stopping: threading.Event) -> None:
    while not stopping.is_set():
        try:
            job = platform.jobs.claim(tuple(HANDLERS))
        except Exception:
            logger.exception("the queue cannot be read; trying again")
            stopping.wait(1)
            continue
        if job is None:
            stopping.wait(_IDLE_SECONDS)
        else:
            run_job(platform, job)


def run_job(platform: Platform, job: ClaimedJob) -> None:
    """Run one job to its end; a handler whose lease is lost leaves no trace."""
    started = time.monotonic()
    ended = threading.Event()
    beat = threading.Thread(target=_keep_lease, args=(platform, job, ended), daemon=True)
    beat.start()
    try:
        state = _handle(platform, job)
    finally:
        ended.set()
        beat.join()
    JOB_SECONDS.labels(job.kind, state).observe(time.monotonic() - started)


def _handle(platform: Platform, job: ClaimedJob) -> str:
    try:
        result = HANDLERS[job.kind](platform, job)
    except LeaseLost:
        return "lost"
    except JobFailed as failure:
        return _finish(platform, job, "failed", reason=str(failure))
    except Exception:
        logger.exception("job %s (%s) failed", job.id, job.kind)
        return _finish(platform, job, "failed", reason="fault")
    return _finish(platform, job, "cancelled" if result.get("cancelled") else "done", result=result)


def _finish(
    platform: Platform, job: ClaimedJob, state: str, *, result: Mapping[str, object] | None = None, reason: str = ""
) -> str:
    with suppress(LeaseLost):
        platform.jobs.finish(job, state, result=result, reason=reason)
    return state


def _keep_lease(platform: Platform, job: ClaimedJob, ended: threading.Event) -> None:
    while not ended.wait(_HEARTBEAT_SECONDS):
        try:
            platform.jobs.heartbeat(job)
        except LeaseLost:
            return
        except Exception:
            logger.exception("heartbeat of job %s failed; trying again", job.id)


def _serve_health(platform: Platform) -> ThreadingHTTPServer:
    class Health(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = exposition(platform.jobs) if self.path == "/metrics" else b'{"status":"ok"}'
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            logger.debug(format, *args)

    server = ThreadingHTTPServer(("127.0.0.1", platform.settings.addresses.metrics_port), Health)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server

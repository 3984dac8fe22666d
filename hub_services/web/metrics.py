"""Prometheus metrics of the web application and the worker; no person, no course in any label (law 8)."""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from hub_services.web.jobs import Jobs

REGISTRY = CollectorRegistry()
SESSIONS = Counter("himalia_sign_ins_total", "Sign-ins by provider name.", ["provider"], registry=REGISTRY)
OPENINGS = Counter("himalia_openings_total", "Workspaces asked for.", registry=REGISTRY)
SUBMISSIONS = Counter("himalia_submissions_total", "Submissions by outcome.", ["outcome"], registry=REGISTRY)
JOB_SECONDS = Histogram(
    "himalia_job_seconds",
    "Seconds that a job ran, by kind and end.",
    ["kind", "state"],
    buckets=(0.5, 1, 2, 5, 10, 20, 60, 120, 300, 600),
    registry=REGISTRY,
)


class JobsCollector(Collector):
    """Jobs by kind and state, read from the table when asked."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """One gauge: `himalia_jobs{kind,state}`."""
        family = GaugeMetricFamily("himalia_jobs", "Jobs by kind and state.", labels=["kind", "state"])
        for (kind, state), count in self._jobs.counts().items():
            family.add_metric([kind, state], count)
        yield family


def exposition(jobs: Jobs) -> bytes:
    """All metrics of this process in Prometheus' text format."""
    own = CollectorRegistry()
    own.register(JobsCollector(jobs))
    return generate_latest(REGISTRY) + generate_latest(own)

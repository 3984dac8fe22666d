"""Whether this process can do its work: for the supervisor, a probe, and `himalia status`."""

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from hub_services.web.metrics import exposition
from hub_services.web.platform import platform_of

router = APIRouter()


@router.get("/health")
def health(request: Request) -> Response:
    """200 when the database answers."""
    alive = platform_of(request).database.is_alive()
    return JSONResponse({"status": "ok" if alive else "no database"}, 200 if alive else 503)


@router.get("/metrics")
def metrics(request: Request) -> Response:
    """Prometheus' text format; on the internal port only, which the proxy does not serve."""
    return Response(exposition(platform_of(request).jobs), media_type="text/plain; version=0.0.4")

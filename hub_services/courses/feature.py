"""What courses bring to the platform."""

from hub_services.courses import build
from hub_services.courses.internal import internal
from hub_services.courses.routes import router
from hub_services.web.feature import Feature

FEATURE = Feature("courses", router, internal=internal, jobs={build.BUILD: build.handle})

"""What courses bring to the platform."""

from hub_services.courses import build, materials, store
from hub_services.courses.internal import internal
from hub_services.courses.routes import router
from hub_services.web.feature import Feature

JOBS = {build.BUILD: build.handle, materials.IMPORT: materials.handle}
FEATURE = Feature("courses", router, internal=internal, jobs=JOBS, export=store.export, erase=store.erase)

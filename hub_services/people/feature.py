"""What people brings to the platform."""

from hub_services.people import store
from hub_services.people.routes import internal, router
from hub_services.web.feature import Feature

FEATURE = Feature("people", router, internal=internal, export=store.export, erase=store.erase)

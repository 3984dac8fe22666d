"""What the exchange brings to the platform."""

from hub_services.exchange import store
from hub_services.exchange.routes import router
from hub_services.web.feature import Feature

FEATURE = Feature("exchange", router, export=store.export, erase=store.erase)

"""What the portal brings to the platform: pages alone; it keeps nothing."""

from hub_services.portal.routes import router
from hub_services.web.feature import Feature

FEATURE = Feature("portal", router)

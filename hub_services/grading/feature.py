"""What grading brings to the platform."""

from hub_services.grading import store
from hub_services.grading.routes import router
from hub_services.grading.run import KIND, grade
from hub_services.web.feature import Feature

FEATURE = Feature("grading", router, jobs={KIND: grade}, export=store.export, erase=store.erase)

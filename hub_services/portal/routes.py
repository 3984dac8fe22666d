"""The portal's pages, those with a name of their own before those that any assignment may have."""

from fastapi import APIRouter

from hub_services.portal import (
    administration,
    assignment_page,
    authoring,
    course_page,
    extending,
    home,
    joining,
    opening,
    preview,
    receipts,
    roster,
)

PAGES = (home, administration, opening, joining, roster, authoring, course_page, receipts, preview, extending, assignment_page)

router = APIRouter()
for page in PAGES:
    router.include_router(page.router)

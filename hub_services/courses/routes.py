"""Pages of courses: make one, its environment."""

from fastapi import APIRouter

router = APIRouter()

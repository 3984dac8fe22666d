"""Roles, kinds and states as people read them."""

from himalia_exchange.wire import Kind, LatePolicy, State

from hub_config.access.roles import Role
from hub_services.portal.works import Progress
from hub_services.web.i18n import N_

ROLES = {
    Role.STUDENT: N_("Student"),
    Role.ASSISTANT: N_("Assistant"),
    Role.TEACHER: N_("Teacher"),
}
MY_ROLE = {
    Role.STUDENT: N_("You take this course"),
    Role.ASSISTANT: N_("You assist in this course"),
    Role.TEACHER: N_("You teach this course"),
}
SOURCES = {
    "form": N_("added by hand"),
    "csv": N_("from a list"),
    "link": N_("by the join link"),
    "lti": N_("from the learning platform"),
    "directory": N_("from the directory"),
    "demo": N_("with the demo"),
}
KINDS = {
    Kind.PRACTICE: N_("Practice, no mark"),
    Kind.LAB: N_("Lab work"),
    Kind.PROJECT: N_("Project"),
    Kind.EXAM: N_("Exam"),
}
STATES = {
    State.DRAFT: (N_("Draft"), ""),
    State.RELEASED: (N_("Released"), "good"),
    State.WITHDRAWN: (N_("Withdrawn"), "warn"),
}
LATE_POLICIES = {
    LatePolicy.REFUSE: N_("Refuse what comes after the deadline"),
    LatePolicy.ACCEPT: N_("Take it and mark it late"),
}
PROGRESS = {
    Progress.TO_START: (N_("To start"), ""),
    Progress.STARTED: (N_("Started"), ""),
    Progress.HANDED_IN: (N_("Handed in"), "good"),
    Progress.HANDED_IN_LATE: (N_("Handed in late"), "warn"),
    Progress.RETURNED: (N_("Returned"), "good"),
    Progress.MISSED: (N_("Not handed in"), "bad"),
    Progress.WITHDRAWN: (N_("Withdrawn"), ""),
}

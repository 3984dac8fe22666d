"""Read by nbgrader wherever himalia-exchange is installed: in a workspace of Himalia, its exchange is the platform's."""

from himalia_exchange.plugin import configure

configure(c)  # noqa: F821  nbgrader's configuration object, there when it reads this file

"""Run untrusted code under bubblewrap: own files, own network, limits that hold."""

from himalia_sandbox.launch import Running, SandboxError, launch
from himalia_sandbox.means import Means, detect
from himalia_sandbox.processes import Process
from himalia_sandbox.spec import MEBIBYTE, Bind, Limits, Sandbox

__all__ = ["MEBIBYTE", "Bind", "Limits", "Means", "Process", "Running", "Sandbox", "SandboxError", "detect", "launch"]

"""What students might write instead of an answer: each is the answer cell of a notebook whose right answer is x * x."""

WRONG = "def square(x):\n    return 0\n"

# A point gained by these must be flagged; the hidden test's text must not come out; nothing else may be touched.
CHEATS = {
    "ast-transformer": """
import ast
class Empty(ast.NodeTransformer):
    def visit_Module(self, node):
        return ast.Module(body=[], type_ignores=[])
get_ipython().ast_transformers.append(Empty())
""",
    "first-run-only": """
import ast
class Once(ast.NodeTransformer):
    runs = 0
    def visit_Module(self, node):
        Once.runs += 1
        return ast.Module(body=[], type_ignores=[]) if Once.runs == 1 else node
get_ipython().ast_transformers.append(Once())
""",
    "always-equal": """
class Equal(int):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    __hash__ = int.__hash__
def square(x):
    return Equal(0)
""",
    "shell-run-cell": """
shell = get_ipython()
class Fine:
    success = True; error_before_exec = error_in_exec = None; execution_count = 1
shell.run_cell = lambda *a, **k: Fine()
""",
    "run-ast-nodes": """
async def fine(*a, **k):
    return False
get_ipython().run_ast_nodes = fine
""",
    "quiet-errors": """
import IPython.core.interactiveshell as i
i.InteractiveShell.showtraceback = lambda *a, **k: None
""",
    "settrace": """
import sys
def skip(frame, event, arg):
    if event == "line" and frame.f_code.co_name == "<module>":
        frame.f_globals["square"] = lambda x: x * x
    return skip
sys.settrace(skip)
get_ipython().events.register("pre_run_cell", lambda *a: sys.settrace(skip))
""".replace("lambda x: x * x", "type('E', (), {'__call__': lambda s, x: type('Q', (), {'__eq__': lambda s, o: True})()})()"),
    "forged-replies": """
import sys
notebook = sys.modules["sandboxed.notebook"]
real = notebook.send
def forged(channel, frame, *rest):
    for reply in frame.get("replies", []):
        reply.update(status="ok", outputs=[])
    return real(channel, frame, *rest)
notebook.send = forged
""",
    "forged-frame": """
import json, os, socket, stat, struct
body = json.dumps({"id": 2, "replies": [{"status": "ok", "outputs": []}]}).encode()
for number in range(3, 64):
    try:
        if stat.S_ISSOCK(os.fstat(number).st_mode):
            os.write(number, struct.pack(">I", len(body)) + body)
    except OSError:
        pass
""",
    "forged-garbage": """
import os, stat
for number in range(3, 64):
    try:
        if stat.S_ISSOCK(os.fstat(number).st_mode):
            os.write(number, bytes(4096))
    except OSError:
        pass
""",
    "gc-outputs": """
import gc
for thing in gc.get_objects():
    if type(thing).__name__ == "Interpreter":
        async def fine(code, cell_id, *, trial=False):
            return {"status": "ok", "outputs": [], "execution_count": 1}
        thing.run = fine
        thing.shown = lambda reply: reply
""",
    "import-hook": """
import builtins
real = builtins.compile
builtins.compile = lambda source, *a, **k: real("pass" if isinstance(source, str) else source, *a, **k)
import IPython.core.compilerop as c
c.CachingCompiler.ast_parse = lambda self, source, *a: real("", "x", "exec", 1024)
c.CachingCompiler.__call__ = lambda self, *a, **k: real("pass", "x", "exec")
""",
    "partial-credit": """
import ast
class Points(ast.NodeTransformer):
    def visit_Module(self, node):
        return ast.parse("1e9")
get_ipython().ast_transformers.append(Points())
""",
    "negative-points": """
import ast
class Points(ast.NodeTransformer):
    def visit_Module(self, node):
        return ast.parse("-1.0")
get_ipython().ast_transformers.append(Points())
""",
    "nan-points": """
import ast
class Points(ast.NodeTransformer):
    def visit_Module(self, node):
        return ast.parse("float('nan')")
get_ipython().ast_transformers.append(Points())
""",
    "thread-beside": """
import ast, threading, time
threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
class Empty(ast.NodeTransformer):
    def visit_Module(self, node):
        return ast.Module(body=[], type_ignores=[])
get_ipython().ast_transformers.append(Empty())
""",
    "at-fork": """
import ast, os
class Empty(ast.NodeTransformer):
    on = True
    def visit_Module(self, node):
        return ast.Module(body=[], type_ignores=[]) if Empty.on else node
get_ipython().ast_transformers.append(Empty())
def after():
    Empty.on = not Empty.on
os.register_at_fork(after_in_parent=after)
""",
    "small-integers": """
import ctypes
for number in range(2, 257):
    ctypes.c_uint32.from_address(id(number) + 24).value = 0
""",
    "callers-frames": """
import sys
def square(x):
    frame = sys._getframe(1)
    while frame:
        for name in ("code", "frame", "replies", "reply", "result"):
            thing = frame.f_locals.get(name)
            if isinstance(thing, dict) and "codes" in thing:
                thing["codes"] = ["pass"]
            if hasattr(thing, "error_in_exec"):
                type(thing).error_in_exec = property(lambda s: None, lambda s, v: None)
                type(thing).success = property(lambda s: True)
        frame = frame.f_back
    return 0
""",
    "error-hook": """
get_ipython().set_custom_exc((Exception,), lambda *a, **k: [])
""",
    "exit-handler": """
import atexit, os
atexit.register(os._exit, 0)
def square(x):
    raise SystemExit(0)
""",
    "redefined-helper": """
import builtins
builtins.AssertionError = type("Quiet", (Exception,), {})
""",
}

# Ways to carry the hidden test's text out of its process.
LEAKS = {
    "pre-run-hook": """
seen = []
get_ipython().events.register("pre_run_cell", lambda info: seen.append(info.raw_cell))
get_ipython().events.register("post_run_cell", lambda result: print("".join(seen)))
""",
    "input-history": """
def square(x):
    print(In[-1]); print(In[-1][::-1]); print(In[-1].encode().hex()); print(repr(In[-1]))
    return 0
""",
    "traceback": """
def square(x):
    import sys
    raise ValueError(sys._getframe(1).f_code.co_consts)
""",
    "file": """
get_ipython().events.register("pre_run_cell", lambda info: open("stolen.txt", "a").write(info.raw_cell))
""",
}

# The mark of what a student can find of the machine: nothing may be printed after FOUND.
LOOKS = {
    "other-copies": """
import pathlib
for place in SECRETS:
    try:
        print("FOUND", pathlib.Path(place).read_text())
    except OSError:
        pass
    try:
        pathlib.Path(place).write_text("changed")
        print("FOUND and wrote")
    except OSError:
        pass
""",
    "tokens": """
import os
for name in os.environ:
    if any(word in name for word in ("TOKEN", "SECRET", "HUB", "KEY", "PASSWORD")):
        print("FOUND", name)
for folder in os.listdir("/proc"):
    if folder.isdigit() and int(folder) != os.getpid():
        try:
            print("FOUND", folder, open(f"/proc/{folder}/environ").read())
        except OSError:
            pass
""",
    "network": """
import socket
for address in (("127.0.0.1", PORT), ("169.254.169.254", 80), ("1.1.1.1", 53)):
    try:
        socket.create_connection(address, timeout=1)
        print("FOUND", address)
    except OSError:
        pass
""",
    "privileges": """
import ctypes, os
c = ctypes.CDLL(None, use_errno=True)
print("FOUND" * (c.unshare(0x10000000) == 0), "FOUND" * (c.mount(b"none", b"/tmp", b"tmpfs", 0, None) == 0))
print("FOUND" * (c.ptrace(16, 1, 0, 0) == 0), "FOUND" * (os.geteuid() == 0))
for number in range(1, 40):
    if number not in (os.getpid(), os.getppid()):
        try:
            os.kill(number, 9)
            print("FOUND", number)
        except OSError:
            pass
try:
    os.kill(1, 9)
except OSError:
    pass
try:
    print("FOUND", len(open("/proc/1/mem", "rb").read(1)))
except OSError:
    pass
""",
    "earlier-copies": """
import ctypes, os
c = ctypes.CDLL(None)
print("FOUND" * (c.shmget(4711, 4096, 0) != -1))
c.shmget(4711, 4096, 0o1666)
for place in ("/tmp", "/dev/shm", "/home/me", "/home/me/course"):
    for name in os.listdir(place):
        if name.startswith("left-"):
            print("FOUND", place, name)
    open(f"{place}/left-behind", "w").write("for the next one")
""",
}

# What ends or fills: the copy suffers, alone, and keeps the points of the cells before.
FAULTS = {
    "exit": ("import os\nos._exit(0)", "ended"),
    "kill-all": (
        "import contextlib, os\nwith contextlib.suppress(OSError):\n    os.kill(-1, 9)\nos.kill(os.getpid(), 9)",
        "ended",
    ),
    "fork-bomb": ("import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass", "cell-time"),
    "deaf-loop": (
        "import signal, threading\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True:\n    pass",
        "cell-time",
    ),
    "stopped": ("import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)", "cell-time"),
    "memory-in-children": (
        "import os\nkids = []\nfor _ in range(8):\n"
        "    if os.fork() == 0:\n        x = bytearray(400 * 2**20)\n        os._exit(0)\n"
        "x = bytearray(400 * 2**20)\nwhile True:\n    pass",
        "",
    ),
}

# What Python itself turns into an error: the notebook goes on.
ERRORS = {
    "ten-gigabytes": "x = bytearray(10 * 2**30)",
    "recursion": "def f():\n    return f()\nf()",
    "full-disk": "with open('/tmp/full', 'wb') as f:\n    for _ in range(4096):\n        f.write(bytes(2**20))",
    "input": "input('name? ')",
    "exit-call": "raise SystemExit",
}

"""Start people's servers on this machine, each in a sandbox; a server lives on when the hub does not."""

import asyncio
import contextlib
import json
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from himalia_sandbox import Running, SandboxError, detect, launch
from jupyterhub.spawner import Spawner, SpawnException
from traitlets import Int, Unicode

from hub_config.access.launch import LaunchSpecification
from hub_config.spawners import lab, server, words
from hub_config.spawners.place import Place, PlaceError
from hub_config.spawners.server import Site
from hub_config.spawners.signs import answered, ended
from hub_config.spawners.specification import ask

_LAST_STAGE = "server"
_LOG_BYTES = 5_000_000
_LOG_TAIL = 2000
_STOP_SECONDS = 10.0


class LocalSpawner(Spawner):  # type: ignore[misc]  # JupyterHub has no types
    """One person's server in one course, under bubblewrap, with what the web application specified and nothing else."""

    state_folder = Unicode(config=True, help="The state folder.")
    internal_url = Unicode(config=True, help="The web application's internal address; it gives launch specifications.")
    launch_token = Unicode(config=True, help="The hub's proof to the web application.")
    language = Unicode("fr", config=True, help="The language of a sentence when the person's is not known.")
    isolation = Unicode("bubblewrap", config=True, help="`none`: without walls, for a trusted person alone.")
    first_uid = Int(200_000, config=True, help="With root, a person's code runs as this number plus the person's.")
    hub_port = Int(8081, config=True, help="The hub's port, for servers without walls.")
    web_port = Int(8002, config=True, help="The web application's port, for servers without walls.")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        # The platform's own environment is none of the server's business.
        self.env_keep: list[str] = []
        self._running: Running | None = None
        self._stages: list[str] = []
        self._moved = asyncio.Event()
        self._spoken = self.language

    @property
    def site(self) -> Site:
        return Site(Path(self.state_folder), self.isolation != "none", self.hub_port, self.web_port)

    @property
    def place(self) -> Place:
        return Place(Path(self.state_folder), self.user.name, self.name)

    async def start(self) -> str:
        """Start the server and return its address. Raises SpawnException with words for the person."""
        self._stages, self._spoken = [], self.language
        self._reach("membership")
        specification = await ask(self.internal_url, self.launch_token, self.user.name, self.name, self.language)
        self._spoken = specification.language
        if not self.site.environment(specification.environment).is_dir():
            raise SpawnException(words.refusal("environment", self._spoken), reason="environment_missing", status_code=503)
        try:
            await self._end_leftover()
            self._reach("folder")
            uid = await asyncio.to_thread(self._prepare, specification)
            self._reach("environment")
            self._running = await asyncio.to_thread(self._launch, specification, uid)
        except (OSError, PlaceError, SandboxError) as error:
            text = words.refusal("machine", self._spoken, reason=str(error))
            raise SpawnException(text, reason="machine", status_code=503) from error
        self._reach(_LAST_STAGE)
        await self._first_answer(self._running)
        return self.place.url

    async def poll(self) -> int | None:
        """None while the server runs, else an exit code; it is unknown for a server that an earlier hub started."""
        if self._running is None:
            return 0
        if self._running.alive():
            self._shorten_log()
            return None
        code = self._running.popen.poll() if self._running.popen else 0
        self._running.cleanup()
        self.place.forget()
        return code or 0

    async def stop(self, now: bool = False) -> None:
        """Ask the server to end, and after a while end it; its processes are gone when this returns."""
        if self._running is None:
            return
        if not now and self._running.terminate():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(ended(self._running.process), _STOP_SECONDS)
        await self._end(self._running)

    async def progress(self) -> AsyncIterator[dict[str, str | int]]:
        """The stages of the start, as they are reached."""
        shown = 0
        while True:
            while shown < len(self._stages):  # a stage may be reached while another is being told
                yield words.stage(self._stages[shown], self._spoken)
                shown += 1
            if self._stages[-1:] == [_LAST_STAGE]:
                return
            self._moved.clear()
            await self._moved.wait()

    def get_state(self) -> dict[str, Any]:
        state: dict[str, Any] = super().get_state()
        if self._running:
            state["running"] = self._running.record()
        return state

    def load_state(self, state: dict[str, Any]) -> None:
        super().load_state(state)
        self._running = Running.found(state["running"]) if "running" in state else None

    def clear_state(self) -> None:
        super().clear_state()
        self._running = None

    def _reach(self, stage: str) -> None:
        self._stages.append(stage)
        self._moved.set()

    def _prepare(self, specification: LaunchSpecification) -> int | None:
        """Make the folders and Jupyter's files; returns the uid that the server runs as."""
        site, place = self.site, self.place
        own = site.isolated and detect().uid
        uid = self.first_uid + specification.person_number if own else None
        place.prepare(uid)
        where = server.layout(site, place)
        environment = site.environment(specification.environment)
        for path, text in lab.files(specification, environment, where.course).items():
            file = place.jupyter / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return uid

    def _launch(self, specification: LaunchSpecification, uid: int | None) -> Running:
        site, place = self.site, self.place
        where = server.layout(site, place)
        listener = place.listen()
        with listener, self._log() as log:
            variables = server.environment(specification, site, where, self.get_env(), listener.fileno())
            walls = server.sandbox(specification, site, place, variables, uid)
            argv = server.command(site, where, bool(specification.outside))
            running = launch(walls, argv, stdout=log, stderr=log, pass_fds=(listener.fileno(),))
        # The hub writes its own record later; if it dies in between, the next start finds this one.
        place.record.write_text(json.dumps(running.record()), encoding="utf-8")
        return running

    async def _first_answer(self, running: Running) -> None:
        """Wait until the server answers. Raises SpawnException when it ends instead: the hub would wait two minutes."""
        answer = asyncio.create_task(answered(self.place.listener, f"{self.server.base_url}api"))
        end = asyncio.create_task(ended(running.process))
        await asyncio.wait((answer, end), return_when=asyncio.FIRST_COMPLETED)
        if answer.done() and answer.result():
            end.cancel()
            return
        await end
        answer.cancel()
        raise await self._ended_early(running)

    async def _ended_early(self, running: Running) -> SpawnException:
        name = "memory" if running.oom_killed() else "ended"
        log = self.place.log.read_text(encoding="utf-8", errors="replace")[-_LOG_TAIL:]
        await self._end(running)
        self._running = None
        # Not as the exception's log message: the hub's progress stream shows that one to the person.
        self.log.error("the server of %s ended at its start: %s", self.place.folder, log)
        return SpawnException(words.refusal(name, self._spoken), reason=name, status_code=500)

    def _log(self) -> Any:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_TRUNC
        return os.fdopen(os.open(self.place.log, flags, 0o600), "wb")

    def _shorten_log(self) -> None:
        """Keep the server's output, which the person's code can write to, from filling the disk."""
        with contextlib.suppress(OSError):
            if self.place.log.stat().st_size > _LOG_BYTES:
                os.truncate(self.place.log, 0)

    async def _end_leftover(self) -> None:
        """End a server of this place that no hub knows of any more."""
        with contextlib.suppress(OSError, ValueError, KeyError):
            await self._end(Running.found(json.loads(self.place.record.read_text(encoding="utf-8"))))

    async def _end(self, running: Running) -> None:
        await asyncio.to_thread(running.end)
        self.place.forget()

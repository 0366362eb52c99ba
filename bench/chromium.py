"""A headless Chromium that clicks, types and looks, by the DevTools protocol.

Just enough of https://chromedevtools.github.io/devtools-protocol/ for the tests and pictures
of `broadtape browse`. Everything that went wrong on the pages is kept: errors of scripts,
lines of the console, dialogs, requests that failed.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp

if TYPE_CHECKING:
    from types import TracebackType

PATIENCE_S = 30
NAMES = ("chromium", "chromium-browser", "google-chrome")


def find() -> str | None:
    """Where Chromium is, if it is installed."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


class Chromium:
    """A browser with one page; to be used in a `with` block.

    `wrong` collects what a reader of the console would see in red, `asked` every address
    that the pages asked for.
    """

    def __init__(self, width: int = 1200, height: int = 800) -> None:
        self.wrong: list[str] = []
        self.asked: list[str] = []
        self._size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self._loop = asyncio.new_event_loop()
        self._folder = tempfile.TemporaryDirectory(prefix="broadtape-chromium-")
        self._process = subprocess.Popen(
            [find() or NAMES[0], "--headless=new", "--no-sandbox", "--disable-gpu",
             "--disable-dev-shm-usage", "--no-first-run", "--hide-scrollbars",
             "--disable-background-networking", "--disable-component-update",
             "--remote-debugging-port=0", f"--user-data-dir={self._folder.name}",
             "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._loaded = asyncio.Event()
        self._number = 0

    def __enter__(self) -> Chromium:
        self._do(self._connect())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._reader.cancel()
        self._do(self._session.close())
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._loop.close()
        with suppress(OSError):
            self._folder.cleanup()

    def open(self, url: str) -> None:
        """Go to a page and wait until it and its pictures are there."""
        self._do(self._follow(self._call("Page.navigate", url=url)))

    def click(self, selector: str) -> None:
        """Click on the first element of a CSS selector, and wait for the page it leads to."""
        self._do(self._follow(self._evaluate(f"document.querySelector({selector!r}).click()")))

    def submit(self, form: str, **fields: str) -> None:
        """Fill in a form and send it."""
        typing = "".join(
            f"form.querySelector({json.dumps(f'[name={name}]')}).value = {json.dumps(value)};"
            for name, value in fields.items()
        )
        script = (
            f"{{const form = document.querySelector({form!r}); {typing}"
            " form.querySelector('[type=submit]').click()}"
        )
        self._do(self._follow(self._evaluate(script)))

    def ask(self, script: str) -> Any:
        """What a JavaScript expression is worth on the page."""
        return self._do(self._evaluate(script))

    def wait_for(self, script: str) -> None:
        """Wait until an expression is true; a `TimeoutError` names the one that never was."""

        async def until() -> None:
            while not await self._evaluate(f"Boolean({script})"):
                await asyncio.sleep(0.1)

        try:
            self._do(asyncio.wait_for(until(), PATIENCE_S))
        except TimeoutError as error:
            raise TimeoutError(f"never true in {PATIENCE_S} s: {script}") from error

    def picture(self, path: Path) -> None:
        """Keep what is seen as a PNG."""
        shot = self._do(self._call("Page.captureScreenshot", format="png"))
        path.write_bytes(base64.b64decode(shot["data"]))

    # The protocol ------------------------------------------------------------------------

    def _do(self, work: Any) -> Any:
        return self._loop.run_until_complete(work)

    async def _connect(self) -> None:
        port = Path(self._folder.name) / "DevToolsActivePort"
        for _ in range(PATIENCE_S * 10):
            if port.is_file() and (lines := port.read_text().split()):
                break
            await asyncio.sleep(0.1)
        self._session = aiohttp.ClientSession()
        async with self._session.get(f"http://127.0.0.1:{lines[0]}/json/list") as answer:
            pages = [one for one in await answer.json() if one["type"] == "page"]
        self._socket = await self._session.ws_connect(
            pages[0]["webSocketDebuggerUrl"], max_msg_size=0
        )
        self._reader = asyncio.ensure_future(self._read())
        for domain in ("Page", "Runtime", "Log", "Network"):
            await self._call(f"{domain}.enable")
        await self._call("Emulation.setDeviceMetricsOverride", **self._size)

    async def _read(self) -> None:
        async for message in self._socket:
            said = json.loads(message.data)
            if "id" in said:
                self._answers.pop(said["id"]).set_result(said)
            else:
                self._note(said["method"], said["params"])

    def _note(self, method: str, said: dict[str, Any]) -> None:
        if method == "Page.loadEventFired":
            self._loaded.set()
        elif method == "Network.requestWillBeSent":
            self.asked.append(said["request"]["url"])
        elif method == "Runtime.exceptionThrown":
            self.wrong.append(json.dumps(said["exceptionDetails"])[:500])
        elif method == "Runtime.consoleAPICalled" and said["type"] == "error":
            self.wrong.append(json.dumps(said["args"])[:500])
        elif method == "Log.entryAdded" and said["entry"]["level"] == "error":
            self.wrong.append(f"{said['entry']['text']} {said['entry'].get('url', '')}")
        elif method == "Network.loadingFailed" and not said.get("canceled"):
            self.wrong.append(said["errorText"])
        elif method == "Page.javascriptDialogOpening":
            self.wrong.append(f"dialog: {said['message']}")
            self._closing = self._loop.create_task(
                self._call("Page.handleJavaScriptDialog", accept=True)
            )

    async def _call(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._number += 1
        answer = self._answers[self._number] = self._loop.create_future()
        request = {"id": self._number, "method": method, "params": parameters}
        await self._socket.send_json(request)
        said: dict[str, Any] = await asyncio.wait_for(answer, PATIENCE_S)
        if "error" in said:
            raise RuntimeError(f"{method}: {said['error']}")
        result: dict[str, Any] = said["result"]
        return result

    async def _evaluate(self, script: str) -> Any:
        said = await self._call("Runtime.evaluate", expression=script, returnByValue=True)
        if "exceptionDetails" in said:
            raise RuntimeError(f"{script}: {said['exceptionDetails']}")
        return said["result"].get("value")

    async def _follow(self, action: Any) -> None:
        self._loaded.clear()
        await action
        await asyncio.wait_for(self._loaded.wait(), PATIENCE_S)

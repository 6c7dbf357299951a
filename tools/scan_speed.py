"""How many scans a second the phone app's decoder does in this machine's Chromium. Needs a built app (tools/phone).

    .venv/bin/python tools/scan_speed.py

Measured: pictures as large as the camera's (800 x 600), a code lying askew on a table, and a table without a code,
which is what a camera sees most of the time.
"""

from __future__ import annotations

import io
import json
import shutil
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import segno
from PIL import Image
from playwright.sync_api import sync_playwright

APP = Path(__file__).resolve().parent.parent / "shouwang/field/static/field/app"
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
CODE = "SW1." + "A" * 122
MEASURE = """async ([module, pictures]) => {
  const {codesIn} = await import(module);
  const figures = {};
  for (const [name, address] of Object.entries(pictures)) {
    const bitmap = await createImageBitmap(await (await fetch(address)).blob());
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height), paper = canvas.getContext('2d');
    paper.drawImage(bitmap, 0, 0);
    const picture = paper.getImageData(0, 0, bitmap.width, bitmap.height);
    const found = (await codesIn(picture)).length;
    const began = performance.now();
    let count = 0;
    while (performance.now() - began < 3000) { await codesIn(picture); count += 1; }
    figures[name] = [found, 1000 * count / (performance.now() - began)];
  }
  return figures;
}"""


class Quiet(SimpleHTTPRequestHandler):
    """The built app, two pictures and an empty page."""

    def __init__(self, *args: object, pictures: dict[str, bytes], **kwargs: object) -> None:
        self.pictures = pictures
        super().__init__(*args, directory=str(APP), **kwargs)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        name = self.path.lstrip("/")
        if name and name not in self.pictures:
            super().do_GET()
            return
        self.send_response(200)
        self.send_header("Content-Type", "image/jpeg" if name else "text/html")
        self.end_headers()
        self.wfile.write(self.pictures.get(name, b"<!doctype html>"))

    def log_message(self, *args: object) -> None:
        """Says nothing."""


def picture(text: str) -> bytes:
    """A table, with a code on it or without."""
    table = Image.new("RGB", (800, 600), (120, 110, 100))
    if text:
        buffer = io.BytesIO()
        segno.make(text, error="m", micro=False).save(buffer, kind="png", scale=5, border=4)
        code = Image.open(buffer).convert("RGB").rotate(9, expand=True, fillcolor=(240, 240, 240))
        table.paste(code, (190, 80))
    buffer = io.BytesIO()
    table.save(buffer, "JPEG", quality=80)
    return buffer.getvalue()


def main() -> int:
    modules = sorted(APP.glob("decode-*.js"))
    if not modules:
        print("✗ no app was built: sh tools/phone", file=sys.stderr)
        return 2
    pictures = {"code.jpg": picture(CODE), "table.jpg": picture("")}
    http = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, pictures=pictures))
    threading.Thread(target=http.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{http.server_address[1]}/")
        given = [f"/{modules[0].name}", {"with a code": "/code.jpg", "without": "/table.jpg"}]
        figures = page.evaluate(MEASURE, given)
        browser.close()
    http.shutdown()
    for name, (found, rate) in figures.items():
        print(f"{name:12} {rate:6.1f} scans a second  ({found} found)")
    print(json.dumps({name: round(rate, 1) for name, (_found, rate) in figures.items()}))
    return 0 if figures["with a code"][0] == 1 else 1


if __name__ == "__main__":
    sys.exit(main())

"""bin/bench sheets: what one aftercare sheet costs as PDF, beside WeasyPrint and headless Chromium.

All three set the same words (sheets of the tests, each of another patient, because Typst remembers what it has
set before) on one A4 page in the same run, warm: our own in this process, WeasyPrint in an environment of its own
(var/bench-venv), Chromium as one open browser that prints page after page, with tags as ours has and without. Then
what goes before the setting, and sheets per second on every core.
"""

# ruff: noqa: E402, E501, S101, S603, T201 - path first; lines of markup; asserts, starts the peer, prints

import html
import io
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from pypdf import PdfReader

from planner.engine.aftercare.model import SheetContent
from planner.print import sheet_pdf
from planner.print.codes import draw_code
from tests.planner.engine.aftercare.sessions import lines, sheet

TIMES = 20
HOME = ROOT / "var" / "bench-venv"
CSS = """
@page { size: A4; margin: 10mm 14mm } body { font: 12pt/1.3 Inter, sans-serif } h1 { font-size: 18pt; margin: 0 }
h2 { font-size: 13pt; margin: 2mm 0 } table { width: 100%; border-collapse: collapse } ul { margin: 0 }
td, th { text-align: left; vertical-align: top; border-bottom: .5pt solid #999; padding: 1mm 2mm }
.cols { display: grid; grid-template-columns: 1fr 1fr; gap: 4mm }
.box { border: 1pt solid #111; border-radius: 2mm; padding: 3mm; margin-top: 3mm; break-inside: avoid }
"""
PEER = """
import json, sys, time
from weasyprint import HTML
job = json.load(sys.stdin)
HTML(string=job["pages"][0]).write_pdf()
spent, used = [], time.process_time()
for page in job["pages"]:
    began = time.perf_counter()
    pdf = HTML(string=page).write_pdf()
    spent.append(1000 * (time.perf_counter() - began))
used = 1000 * (time.process_time() - used) / len(spent)
json.dump({"ms": spent, "used": used}, sys.stdout)
"""


def main() -> None:
    """Measure and print a table."""
    contents = [content_of(number) for number in range(TIMES)]
    pages = [as_html(content) for content in contents]
    sheet_pdf(content_of(TIMES))
    used = time.process_time()
    ours = timed(sheet_pdf, contents)
    used = 1000 * (time.process_time() - used) / TIMES
    peers = (weasyprint(pages), *(chromium(pages, contents, tagged=tagged) for tagged in (True, False)))
    rows = [("Needleplan (Typst, tagged PDF/UA-1)", ours, used), *(row for row in peers if row[1])]
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; {TIMES} sheets each\n"
    )
    # The processor's time does not depend on what else the machine does; that of Chromium is of all its processes.
    print(f"{'one sheet, warm':<38}{'median ms':>10}{'worst ms':>10}{'processor ms':>14}{'beside ours':>13}")
    for name, spent, each in rows:
        times = f"{statistics.median(spent):>10.0f}{max(spent):>10.0f}{each:>14.0f}"
        print(f"{name:<38}{times}{each / used:>12.1f}x")
    address = "https://clinic.example.com/my/open/" + "a" * 43
    before = {
        "the content is chosen in": timed(content_of, range(TIMES)),
        "its code is drawn in": timed(lambda n: draw_code(f"{address}{n}/", alt="", words=""), range(TIMES)),
    }
    print("\n" + ", ".join(f"{what} {statistics.median(spent):.1f} ms" for what, spent in before.items()))
    cores = os.cpu_count() or 1
    print(f"\n{per_second(cores):.1f} sheets a second in {cores} processes")


def content_of(number: int) -> SheetContent:
    """The sheet of one of many patients."""
    return sheet(note="Cool your right cheek tonight.", patient=f"Patient {number}", phototype=number % 6 + 1)


def timed(make, things) -> list[float]:
    """Milliseconds that each thing took."""
    spent = []
    for thing in things:
        began = time.perf_counter()
        make(thing)
        spent.append(1000 * (time.perf_counter() - began))
    return spent


def processor_ms(root: int) -> float:
    """Milliseconds that the processes below this one have used so far (Linux)."""
    total, below = 0.0, [root]
    stats = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stats[int(entry.name)] = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
    while below:
        parent = below.pop()
        for pid, stat in stats.items():
            if int(stat[1]) == parent:
                below.append(pid)
                total += (int(stat[11]) + int(stat[12])) * 1000 / os.sysconf("SC_CLK_TCK")
    return total


def weasyprint(pages: list[str]) -> tuple[str, list[float], float]:
    """The same pages through WeasyPrint, in its own environment; nothing where it cannot be installed."""
    name = "WeasyPrint (untagged)"
    python = HOME / "bin" / "python"
    try:
        if not python.exists():
            subprocess.run([sys.executable, "-m", "venv", HOME], check=True)
        needs = ROOT / "requirements-bench.txt"
        subprocess.run([python, "-m", "pip", "install", "-q", "-r", needs], check=True, capture_output=True)
        job = json.dumps({"pages": pages})
        run = subprocess.run([python, "-c", PEER], input=job, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"{name} left out: {type(error).__name__}")
        return name, [], 0.0
    done = json.loads(run.stdout)
    return name, done["ms"], done["used"]


def chromium(
    pages: list[str], contents: list[SheetContent], *, tagged: bool
) -> tuple[str, list[float], float]:
    """The same pages through one open headless Chromium, as tagged PDF or without tags."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"]
        )
        tab = browser.new_page()

        def make(page: str) -> bytes:
            tab.set_content(page)
            return tab.pdf(prefer_css_page_size=True, tagged=tagged)

        pdf = PdfReader(io.BytesIO(make(pages[0])))
        assert ("/StructTreeRoot" in pdf.trailer["/Root"]) == tagged
        text = "".join("".join(one.extract_text().split()) for one in pdf.pages)
        assert all("".join(line.text.split()) in text for line in lines(contents[0])), "not the same words"
        before = processor_ms(os.getpid())
        spent = timed(make, pages)
        used = (processor_ms(os.getpid()) - before) / len(pages)
        browser.close()
    return f"Chromium kept open, {'tagged' if tagged else 'untagged'}", spent, used


def per_second(processes: int) -> float:
    """Sheets of different patients a second, in so many processes, once each is warm."""
    # Started anew: a copy of a process in which Typst has run would wait for threads that it does not have.
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        list(pool.map(one_of_many, range(2 * processes)))
        began = time.perf_counter()
        made = list(pool.map(one_of_many, range(100, 100 + TIMES * processes)))
        return len(made) / (time.perf_counter() - began)


def one_of_many(number: int) -> int:
    """The size of one patient's sheet."""
    return len(sheet_pdf(content_of(1000 + number)))


def as_html(content: SheetContent) -> str:
    """The words of a sheet as a page of HTML that fits one A4 sheet."""

    def said(parts) -> str:
        return " ".join(html.escape(one.text) for one in parts)

    def listed(section) -> str:
        items = "".join(f"<li>{html.escape(one.text)}</li>" for one in section.items)
        return f"<section><h2>{html.escape(section.heading)}</h2><ul>{items}</ul></section>"

    head, time_, warning, following = content.header, content.timeline, content.warning, content.next_visit
    rows = "".join(
        f"<tr><th>{html.escape(row.when)} {html.escape(row.detail)}</th><td>{said(row.normal)}</td>"
        f"<td>{said(row.todo)}</td></tr>"
        for row in time_.rows
    )
    remark = f"<p>{html.escape(time_.remark.text)}</p>" if time_.remark else ""
    return (
        f'<!doctype html><html lang="{content.language}"><meta charset="utf-8"><title>{html.escape(head.title)}</title>'
        f"<style>{CSS}</style><h1>{html.escape(head.title)}</h1><p>{html.escape(head.patient)} "
        f"{html.escape(head.visit)} {html.escape(head.finished)}<br>{html.escape(head.treated)}<br>"
        f"{html.escape(head.used)}</p><table>{rows}</table>{remark}"
        f'<div class="cols">{listed(content.do)}{listed(content.do_not)}</div>'
        f'<div class="box">{listed(warning)}<p>{said(warning.later)}</p><p><b>{said(warning.emergency)}</b></p></div>'
        f'<div class="box"><h2>{html.escape(following.heading)}</h2><p>{said(following.items)}</p></div></html>'
    )


if __name__ == "__main__":
    main()

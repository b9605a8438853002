"""List the links of the built site that lead elsewhere, with the pages where they stand.

With ``--check`` ask for each of them, which needs a network, and list those that don't answer.
"""

import sys
import time
from pathlib import Path
from urllib.parse import urldefrag, urlsplit

from bs4 import BeautifulSoup, SoupStrainer

HTML = Path(__file__).parents[2] / "docs" / "_build" / "html"
PAUSE = 1.0  # seconds between two questions to one host
NAME = {"User-Agent": "cnnvis link check"}


def external_links(html=HTML):
    """Return the addresses, without the part after #, and the pages where each stands."""
    found = {}
    for file in sorted(html.rglob("*.html")):
        page = BeautifulSoup(file.read_text("utf-8"), "html.parser", parse_only=SoupStrainer("a"))
        for link in page.select("a[href]"):
            address = urldefrag(link["href"]).url
            if urlsplit(address).scheme in {"http", "https"}:
                found.setdefault(address, set()).add(file.relative_to(html).as_posix())
    return {address: sorted(pages) for address, pages in sorted(found.items())}


def problem(address):
    """Return what is wrong with an address, or None."""
    import requests

    for ask in (requests.head, requests.get):  # some hosts don't answer the first
        try:
            answer = ask(address, allow_redirects=True, headers=NAME, stream=True, timeout=(10, 20))
        except requests.RequestException as error:
            said = f"{type(error).__name__}"
        else:
            answer.close()
            if answer.ok:
                return None
            said = f"{answer.status_code} {answer.reason}"
    return said


def main(check):
    """Print the list; return how many did not answer."""
    links = external_links()
    if not links:
        sys.exit(f"{HTML} has no pages. Run `make site`.")
    wrong, asked = 0, {}
    for address, pages in links.items():
        said = None
        if check:
            host = urlsplit(address).netloc
            time.sleep(max(0.0, asked.get(host, 0.0) + PAUSE - time.monotonic()))
            said = problem(address)
            asked[host] = time.monotonic()
        if said or not check:
            more = f" and {len(pages) - 1} more" if len(pages) > 1 else ""
            print(f"{address}  {said or ''}\n    on {pages[0]}{more}")
        wrong += said is not None
    print(f"{len(links)} links" + (f", {wrong} without an answer" if check else ""))
    return wrong


if __name__ == "__main__":
    sys.exit(min(1, main("--check" in sys.argv[1:])))

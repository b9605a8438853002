"""Take the README's picture of the home page: ``make readme-picture``.

The site must have been built on stand-ins, whose licences allow the picture to be passed on.
"""

import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
HOME = HERE / "_build" / "html" / "index.html"


def main():
    """Write readme.png beside this file.

    Raises:
        SystemExit: The site isn't built, or was built with a real set.
    """
    if not HOME.is_file() or "in place of MNIST" not in HOME.read_text("utf-8"):
        raise SystemExit(
            "Build the site on stand-ins first: CNNVIS_DATA=<an empty folder> make site"
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1280, "height": 830}, reduced_motion="reduce")
        page.goto(HOME.as_uri())
        page.screenshot(path=HERE / "readme.png")
        browser.close()


if __name__ == "__main__":
    main()

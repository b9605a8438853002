"""Take the README's images of the site: ``make readme-images``.

The site must have been built on stand-ins, whose licences allow the images to be passed on.
"""

import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
HTML = HERE / "_build" / "html"
HOME = HTML / "index.html"
IMAGES = {  # the page, and what of it is shown: left, top, width, height
    "readme.png": ("index.html", (0, 0, 1280, 830)),
    "readme_explorer.png": (
        "explorer/index.html#digit=3&cell=conv2-3-6-7",
        (292, 0, 968, 800),  # without the sidebar
    ),
}


def main():
    """Write the images beside this file.

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
        for name, (address, (left, top, width, height)) in IMAGES.items():
            page = browser.new_page(
                viewport={"width": 1280, "height": top + height}, reduced_motion="reduce"
            )
            page.goto(f"{HTML.as_uri()}/{address}")
            page.wait_for_load_state("networkidle")
            clip = {"x": left, "y": top, "width": width, "height": height}
            page.screenshot(path=HERE / name, clip=clip)
            page.close()
        browser.close()


if __name__ == "__main__":
    main()

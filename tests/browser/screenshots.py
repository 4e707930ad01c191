"""`python -m tests.browser.screenshots [folder [page …]]`: pictures of the pages of the product.

Light and dark, in a wide window and on a phone, with the records of the bakery; all pages, or those
that are named.
"""

import os
import sys
import tempfile
from pathlib import Path

import django

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()

from playwright.sync_api import sync_playwright

from tests.browser.bakery import HEIGHT, SCHEMES, WIDTHS, Bakery
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.browser.pages import PAGES


def main(folder: Path, names: list[str]) -> None:
    """Write the pictures, named by the page, the width in pixels and the scheme."""
    folder.mkdir(parents=True, exist_ok=True)
    unknown = set(names) - {listed.name for listed in PAGES}
    if unknown:
        raise SystemExit(f"No page has the name {', '.join(sorted(unknown))}.")
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS) as browser,
        tempfile.TemporaryDirectory() as records,
        Bakery(browser, Path(records)) as bakery,
    ):
        for listed in PAGES:
            if names and listed.name not in names:
                continue
            with bakery.open(listed) as (page, _):
                for width in WIDTHS:
                    page.set_viewport_size({"width": width, "height": HEIGHT})
                    for scheme in SCHEMES:
                        page.emulate_media(color_scheme=scheme)
                        path = folder / f"{listed.name}-{width}-{scheme}.png"
                        page.screenshot(path=path, full_page=True)
                        sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "screenshots"), sys.argv[2:])

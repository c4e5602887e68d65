"""Pictures of a review pack, as docs/review.md names them: ``python docs/pictures.py review.html FOLDER``.

For both widths the first screen, the whole page and the first card of a problem. Needs playwright and a Chromium on the
path; fetches nothing. The pictures stay out of git.
"""

import argparse
import shutil
import sys
from pathlib import Path

WIDTHS = {1440: 900, 390: 844}
BROWSERS = ("chromium", "google-chrome", "chromium-browser", "chrome", "msedge")


def main() -> None:
    """Take the pictures and say where each of them is."""
    parser = argparse.ArgumentParser(description="Take pictures of a review pack.")
    parser.add_argument("page", type=Path, help="review.html of a pack")
    parser.add_argument("folder", type=Path, help="where the pictures go")
    given = parser.parse_args()
    if not given.page.is_file():
        sys.exit(f"{given.page} is not there; make a pack with: genyin review complaints.xlsx -o review")
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        sys.exit(f"No Chromium is on the path; looked for {', '.join(BROWSERS)}.")
    for picture in take_pictures(given.page, given.folder, browser):
        sys.stdout.write(f"{picture.as_posix()}\n")


def take_pictures(page: Path, folder: Path, browser: str) -> list[Path]:
    """Write the pictures of ``page`` into ``folder`` with the ``browser`` at that path, and return where they are."""
    from playwright.sync_api import sync_playwright

    folder.mkdir(parents=True, exist_ok=True)
    made = []
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
        for width, height in WIDTHS.items():
            view = opened.new_page(viewport={"width": width, "height": height})
            view.goto(page.resolve().as_uri())
            screen, whole, card = (folder / f"{name}-{width}.png" for name in ("review", "review-whole", "card"))
            view.screenshot(path=screen)
            view.screenshot(path=whole, full_page=True)
            view.locator("article").first.screenshot(path=card)
            made += [screen, whole, card]
            view.close()
        opened.close()
    return made


if __name__ == "__main__":
    main()

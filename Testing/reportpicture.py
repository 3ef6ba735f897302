"""Make Resources/Screenshots/report.png from the HTML report of a run, with headless Chromium.

python Testing/reportpicture.py out/demo/report.html [picture [height]]
"""

import subprocess
import sys
import tempfile
from pathlib import Path
from shutil import which

ROOT = Path(__file__).parents[1]
LARGEST = 500_000  # bytes
WIDTH, HEIGHT, MARGIN = 1280, 2440, 80  # px: the head of the page, to the end of the montage


def main(report: Path, picture: Path, height: int = HEIGHT) -> None:
    """Take the picture; the colours are few enough for a palette."""
    from PIL import Image

    browser = which("chromium") or which("chromium-browser") or which("google-chrome")
    if browser is None:
        sys.exit("no Chromium or Chrome is here; install one")
    with tempfile.TemporaryDirectory() as folder:
        shot = Path(folder) / "shot.png"
        command = [
            browser, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
            f"--window-size={WIDTH},{height}", f"--screenshot={shot}", report.resolve().as_uri(),
        ]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        with Image.open(shot) as page:
            cut = page.convert("RGB").crop((MARGIN, 0, WIDTH - MARGIN, height))
    cut.quantize(256, dither=Image.Dither.NONE).save(picture, optimize=True)
    assert picture.stat().st_size < LARGEST, f"{picture} has {picture.stat().st_size} bytes"
    print(picture, picture.stat().st_size)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    default = ROOT / "Resources" / "Screenshots" / "report.png"
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else default, *map(int, sys.argv[3:4]))

#!/usr/bin/python3
"""page_browser_test.py PAGE: opens a page of results in headless Chromium, and checks that it says
what it should, that its links and its filter work, and that it fits the window, wide and narrow,
light and dark. Needs Debian's chromium, chromium-driver and python3-selenium.

--screenshot FILE      writes what a reader sees first, 1280 wide and light; beside it FILE with
                       "-narrow", "-dark" and "-full" before the extension
--expect-claim TEXT    the headline must be this
--expect-clause ID     the clause must be there, with its quote or summary visible
"""

import argparse
import base64
import pathlib
import re
import sys
import tempfile

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
]


def open_browser(profile):
    options = Options()
    options.binary_location = "/usr/bin/chromium"
    for flag in [*FLAGS, f"--user-data-dir={profile}"]:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    return webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)


class Checks:
    """Collects faults: each is printed, and main fails if there was one."""

    def __init__(self):
        self.faults = 0
        self.count = 0

    def that(self, holds, what):
        self.count += 1
        if not holds:
            self.faults += 1
            print(f"FAULT: {what}")


def resize(driver, width, height=900, dark=False):
    driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False},
    )
    scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})


def shoot(driver, file, full=False):
    answer = driver.execute_cdp_cmd(
        "Page.captureScreenshot", {"format": "png", "captureBeyondViewport": full}
    )
    file.write_bytes(base64.b64decode(answer["data"]))


def check_words(driver, check, options):
    headline = driver.find_element(By.TAG_NAME, "h1")
    words = ("Conformant", "Not conformant", "Partial")
    claim = next((word for word in words if headline.text.endswith(word)), None)
    check.that(headline.is_displayed() and claim, f"no claim in the headline: {headline.text!r}")
    check.that(driver.title.startswith(f"{claim}: "), f"the title is {driver.title!r}")
    if options.expect_claim:
        check.that(claim == options.expect_claim, f"the claim is {claim!r}")
    if options.expect_clause:
        found = driver.find_elements(By.ID, f"clause-{options.expect_clause}")
        check.that(len(found) == 1, f"no clause {options.expect_clause}")
        for clause in found:
            shown = clause.find_elements(By.CSS_SELECTOR, "blockquote, h3")[-1]
            check.that(shown.is_displayed() and shown.text, "the words of the clause cannot be seen")


def check_links(driver, check):
    dead = driver.execute_script(
        "return [...document.querySelectorAll('a')].map((a) => a.getAttribute('href'))"
        ".filter((h) => !h.startsWith('#') || !document.getElementById(h.slice(1)));"
    )
    check.that(not dead, f"links that lead nowhere: {dead[:5]}")
    twice = driver.execute_script(
        "const ids = [...document.querySelectorAll('[id]')].map((e) => e.id);"
        "return ids.filter((id, at) => ids.indexOf(id) !== at);"
    )
    check.that(not twice, f"ids that occur twice: {twice[:5]}")


def check_structure(driver, check):
    levels = driver.execute_script(
        "return [...document.querySelectorAll('h1,h2,h3,h4')].map((h) => +h.tagName[1]);"
    )
    jumps = [pair for pair in zip(levels, levels[1:]) if pair[1] > pair[0] + 1]
    check.that(levels.count(1) == 1 and not jumps, f"headings out of order: {jumps}")
    for landmark in ("header", "nav", "main", "footer"):
        check.that(driver.find_elements(By.TAG_NAME, landmark), f"no {landmark}")


def check_contrast(driver, check):
    """The colours of all text against the page and the softer ground, by the formula of WCAG."""
    poor = driver.execute_script(
        """
        const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
        const rgb = (colour) => {
          canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
          return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
        };
        const light = (colour) => rgb(colour).map((c) => c / 255)
            .map((c) => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
            .reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0);
        const ratio = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        const ground = (element) => {
          for (let e = element; e; e = e.parentElement) {
            const colour = getComputedStyle(e).backgroundColor;
            if (colour !== 'rgba(0, 0, 0, 0)' && !e.matches(':target')) return light(colour);
          }
          return 1;
        };
        const worst = new Map();
        for (const element of document.querySelectorAll('body *')) {
          const own = [...element.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
          if (!own || !element.checkVisibility()) continue;
          const style = getComputedStyle(element);
          const found = ratio(light(style.color), ground(element));
          if (found < 4.5) worst.set(style.color, `${found.toFixed(2)} ${element.className}`);
        }
        return [...worst.values()];
        """
    )
    check.that(not poor, f"contrast below 4.5: {poor}")


def visible(driver, kind):
    return [item for item in driver.find_elements(By.CSS_SELECTOR, f".{kind}") if item.is_displayed()]


def check_filter(driver, check):
    cases = driver.find_elements(By.CSS_SELECTOR, ".case")
    if not cases:
        return
    some = cases[0].get_attribute("id")
    box = driver.find_element(By.ID, "filter-text")
    check.that(box.is_displayed(), "the filter cannot be seen")
    box.send_keys(some.removeprefix("case-"))
    shown = [item.get_attribute("id") for item in visible(driver, "case")]
    check.that(some in shown and len(shown) <= len(cases), f"filtering for {some} shows {shown}")
    box.clear()
    box.send_keys("no such words anywhere")
    check.that(not visible(driver, "case"), "filtering for nothing shows something")
    driver.get(driver.current_url.split("#")[0] + f"#{some}")
    target = driver.find_element(By.ID, some)
    check.that(target.is_displayed() and target.get_attribute("open"), "a link does not unfold its case")
    boxes = driver.find_elements(By.NAME, "verdict")
    for toggle in boxes:
        toggle.click()
    check.that(not visible(driver, "item"), "with no verdict chosen something is shown")
    for toggle in boxes:
        toggle.click()
    check.that(len(visible(driver, "case")) == len(cases), "with all verdicts chosen cases are missing")


def check_width(driver, check, width):
    beyond = driver.execute_script(
        "return [document.documentElement.scrollWidth, innerWidth,"
        " [...document.querySelectorAll('body *')].filter((e) => e.checkVisibility()"
        " && e.getBoundingClientRect().right > innerWidth + 1).map((e) => e.className || e.tagName)]"
    )
    check.that(beyond[0] <= beyond[1] and not beyond[2], f"wider than {width}: {beyond}")


def check_logs(driver, check):
    messages = [entry["message"] for entry in driver.get_log("browser")]
    check.that(not messages, f"the console says {messages[:5]}")
    requests = [
        entry["message"]
        for entry in driver.get_log("performance")
        if '"Network.requestWillBeSent"' in entry["message"]
        and '"documentURL":"file:' in entry["message"]
        and not re.search(r'"request":.*"url":"(file|data):', entry["message"])
    ]
    check.that(not requests, f"the page asked the network: {requests[:3]}")


def run(driver, options, check):
    url = options.page.resolve().as_uri()
    shots = options.screenshot
    for width, dark, name in ((1280, False, ""), (1280, True, "-dark"), (390, False, "-narrow")):
        resize(driver, width, dark=dark)
        driver.get(url)
        check_width(driver, check, width)
        check_contrast(driver, check)
        if shots:
            shoot(driver, shots.with_stem(shots.stem + name))
    resize(driver, 1280)
    if shots:
        shoot(driver, shots.with_stem(shots.stem + "-full"), full=True)
    check_words(driver, check, options)
    check_links(driver, check)
    check_structure(driver, check)
    check_filter(driver, check)
    check_logs(driver, check)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("page", type=pathlib.Path)
    parser.add_argument("--screenshot", type=pathlib.Path)
    parser.add_argument("--expect-claim")
    parser.add_argument("--expect-clause")
    options = parser.parse_args()
    check = Checks()
    with tempfile.TemporaryDirectory(prefix="pep554-browser-") as profile:
        driver = open_browser(profile)
        try:
            run(driver, options, check)
        finally:
            driver.quit()
    print(f"{check.count} checks, {check.faults} faults")
    return 1 if check.faults else 0


if __name__ == "__main__":
    sys.exit(main())

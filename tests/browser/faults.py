"""What is wrong in a page: what the browser complains of, what is cut off, what hinders people."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, Response

POLICY = "Content-Security-Policy: "

_REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => {
    const place = `${event.sourceFile}:${event.lineNumber}`;
    const what = `${event.effectiveDirective} forbids ${event.blockedURI}`;
    console.error(`POLICY${what} ${event.sample} (${place})`);
});
"""


def watch_policy(page: Page, faults: list[str]) -> None:
    """Have the list filled with what the Content-Security-Policy of a page forbids in it."""

    def console(message: ConsoleMessage) -> None:
        if message.text.startswith(POLICY):
            faults.append(f"{message.text} ({page.url})")

    page.add_init_script(_REPORT_VIOLATIONS.replace("POLICY", POLICY))
    page.on("console", console)


def watch(page: Page) -> list[str]:
    """Return a list that fills with script errors, refused content and failed requests."""
    faults: list[str] = []

    def console(message: ConsoleMessage) -> None:
        # Failed requests are told by their responses, which have a status.
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            faults.append(f"console: {message.text} ({page.url})")

    def response(answer: Response) -> None:
        if answer.status >= 400 and not answer.request.is_navigation_request():
            faults.append(f"{answer.status} for {answer.url}")

    page.add_init_script(_REPORT_VIOLATIONS.replace("POLICY", POLICY))
    page.on("console", console)
    page.on("response", response)
    page.on("pageerror", lambda error: faults.append(f"script error: {error} ({page.url})"))
    return faults


def cut_off(page: Page) -> list[str]:
    """Return what is cut off at the right by the element that it stands in.

    What scrolls sideways by itself is not, nor what is for screen readers only.
    """
    found: list[str] = page.evaluate(_CUT_OFF)
    return found


_CUT_OFF = """() => {
    const isClipping = (part) => ["hidden", "clip"].includes(getComputedStyle(part).overflowX);
    const found = [];
    for (const element of document.querySelectorAll("#container *")) {
        const box = element.getBoundingClientRect();
        const isShown = box.width > 2 && box.height > 2 && element.checkVisibility();
        if (!isShown || element.closest(".visually-hidden, .results, .table-scroll, svg")) continue;
        let frame = element.parentElement;
        while (frame !== document.body && !isClipping(frame)) frame = frame.parentElement;
        if (frame !== document.body && box.right > frame.getBoundingClientRect().right + 1) {
            found.push(element.cloneNode().outerHTML);
        }
    }
    return found;
}"""


def barriers(page: Page, *, colours_only: bool = False) -> list[str]:
    """Return what axe-core finds that keeps people from using a page, or hinders them."""
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if colours_only:
        options["runOnly"] = ["color-contrast", "link-in-text-block"]
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{rule['id']} ({rule['impact']}): {node['html']} {node['failureSummary']}"
        for rule in found
        if rule["impact"] != "minor"
        for node in rule["nodes"]
    ]

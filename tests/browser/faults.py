"""What a browser complains of in a page, although nothing is to be seen of it."""

from playwright.sync_api import ConsoleMessage, Page, Response

_REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => {
    const place = `${event.sourceFile}:${event.lineNumber}`;
    const what = `${event.effectiveDirective} forbids ${event.blockedURI}`;
    console.error(`Content-Security-Policy: ${what} ${event.sample} (${place})`);
});
"""


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

    page.add_init_script(_REPORT_VIOLATIONS)
    page.on("console", console)
    page.on("response", response)
    page.on("pageerror", lambda error: faults.append(f"script error: {error} ({page.url})"))
    return faults

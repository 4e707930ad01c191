"""What a user does in a page that has more than one face."""

from playwright.sync_api import Page

from tests.browser.roles import PASSWORD, Role


def log_in_wrongly(page: Page) -> None:
    page.get_by_label("Username:").fill("nobody")
    page.get_by_label("Password:").fill("wrong")
    page.get_by_role("button", name="Log in").click()
    page.wait_for_selector(".errornote")


def log_in_and_out(page: Page) -> None:
    """Begin a session and end it."""
    page.get_by_label("Username:").fill(Role.STAFF)
    page.get_by_label("Password:").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("button", name="Log out").click()
    page.wait_for_selector("text=Log in again")


def save_with_errors(page: Page) -> None:
    """Empty all fields of the form, and send it past the browser's own checks."""
    page.evaluate(
        """() => {
            const fields = "#content-main form [required], #content-main form [name=name]";
            for (const field of document.querySelectorAll(fields)) {
                if (field.localName !== "select") field.value = "";
            }
            const form = document.querySelector("#content-main form[method=post]");
            form.noValidate = true;
            form.querySelector("[type=submit]").click();
        }"""
    )
    page.wait_for_selector(".errornote")


def unfold_all(page: Page) -> None:
    page.evaluate("document.querySelectorAll('main details').forEach((part) => part.open = true)")


def delete_selected(page: Page) -> None:
    page.locator("#action-toggle").check()
    page.get_by_label("Action:").select_option("delete_selected")
    page.get_by_role("button", name="Go").or_(page.get_by_title("Run the selected action")).click()
    page.wait_for_selector("text=Are you sure")


def talk(page: Page) -> None:
    """Try a bot as a caller would."""
    for text in ("when are you open", "do you have croissants"):
        page.get_by_label("The caller says").fill(text)
        page.keyboard.press("Enter")
        page.wait_for_selector(f".is-caller >> text={text}")


def import_nonsense(page: Page) -> None:
    _import(page, "bot:\n  greeting: [1\nintents: 3\n")
    page.wait_for_selector(".bot-file-problems")


def import_changes(page: Page) -> None:
    """Send a bot's own file back with another greeting."""
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the file").click()
    text = download.value.path().read_text(encoding="utf-8")
    _import(page, text.replace("this is the bakery", "you have reached the bakery"))
    page.wait_for_selector(".bot-file-changes")


def _import(page: Page, text: str) -> None:
    file = {"name": "bot.yaml", "mimeType": "text/yaml", "buffer": text.encode()}
    page.get_by_label("Bot file").set_input_files(files=[file])
    page.get_by_role("button", name="Show what would change").click()


def post_without_cookies(page: Page) -> None:
    """Send a form whose token nobody knows any more."""
    page.context.clear_cookies()
    page.evaluate("document.querySelector('main form').submit()")
    page.get_by_role("heading", name="The form was not accepted").wait_for()


def call_without_microphone(page: Page) -> None:
    """Call where the browser finds no microphone."""
    page.get_by_role("button", name="Call", exact=True).click()
    page.wait_for_selector("text=/No microphone|may not use the microphone/")

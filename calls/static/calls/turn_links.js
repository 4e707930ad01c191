// Copies the address of a turn when its time is clicked, beside going there as any link does.

const status = document.querySelector(".copy-status");

document.addEventListener("click", async (event) => {
    const link = event.target.closest(".turn-link");
    if (link === null || navigator.clipboard === undefined) {
        return; // on a page that is not secure there is no clipboard; the link works all the same
    }
    try {
        await navigator.clipboard.writeText(link.href);
        status.textContent = "The link was copied.";
    } catch (error) {
        status.textContent = `The link was not copied (${error.name}). Copy it from the address.`;
    }
});

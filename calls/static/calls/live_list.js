// A list whose items come from the server as HTML, each with an id and the key of its place in `data-key`.

const parse = (html) => {
    const template = document.createElement("template");
    template.innerHTML = html;
    return template.content.firstElementChild;
};

// What can be focused in an item, so that its successor can take the focus over.
const focusables = (item) => [...item.querySelectorAll("a[href], button, summary, input")];

// Puts new children in the place of those that differ: a screen reader is to hear only what is new.
const renewChildren = (shown, fresh) => {
    const isText = (node) => node.nodeType === Node.TEXT_NODE && node.data.trim() !== "";
    if ([...fresh.childNodes].some(isText)) {
        shown.replaceChildren(...fresh.childNodes);
        return;
    }
    const before = [...shown.children];
    const after = [...fresh.children];
    after.forEach((child, place) => {
        if (before[place] === undefined) {
            shown.append(child);
        } else if (before[place].outerHTML !== child.outerHTML) {
            before[place].replaceWith(child);
        }
    });
    before.slice(after.length).forEach((child) => child.remove());
};

// Puts new content into an item that is shown, where a reader or a keyboard may just be.
const renew = (shown, fresh) => {
    // A clock that ticks goes on.
    const clock = shown.querySelector("[data-seconds]");
    if (clock !== null) {
        fresh.querySelector("[data-seconds]")?.replaceWith(clock.cloneNode(true));
    }
    const focused = focusables(shown).indexOf(document.activeElement);
    const wasOpen = [...shown.querySelectorAll("details")].map((details) => details.open);
    shown.className = fresh.className;
    shown.dataset.key = fresh.dataset.key;
    renewChildren(shown, fresh);
    shown.querySelectorAll("details").forEach((details, place) => {
        details.open = wasOpen[place] ?? false;
    });
    if (focused >= 0) {
        focusables(shown)[focused]?.focus({ preventScroll: true });
    }
};

// Keeps `list` as the messages of the server say.
export function liveList(list) {
    const known = new Map(); // the HTML of each item, by its id

    const find = (id) => itemsOf().find((item) => item.id === id) ?? null;

    const itemsOf = () => [...list.children].filter((item) => item.dataset.key !== undefined);

    const place = (item) => {
        const before = itemsOf().filter(
            (other) => other !== item && other.dataset.key <= item.dataset.key,
        );
        const previous = before.at(-1) ?? null;
        if (previous === null) {
            if (list.firstElementChild !== item) {
                list.prepend(item);
            }
        } else if (previous.nextElementSibling !== item) {
            previous.after(item);
        }
    };

    const put = (html) => {
        const fresh = parse(html);
        const shown = find(fresh.id);
        const isKnown =
            known.get(fresh.id) === html ||
            (shown !== null && !known.has(fresh.id) && shown.outerHTML === fresh.outerHTML);
        known.set(fresh.id, html);
        if (shown !== null && isKnown) {
            return fresh.id;
        }
        if (shown !== null) {
            renew(shown, fresh);
            place(shown);
        } else {
            place(document.importNode(fresh, true));
        }
        return fresh.id;
    };

    const drop = (id) => {
        known.delete(id);
        const shown = find(id);
        shown?.remove();
    };

    return {
        // Takes one message; see calls/live/feed.py.
        take(message) {
            const ids = (message.put ?? []).map(put);
            (message.gone ?? []).forEach(drop);
            if (message.whole) {
                const all = new Set(ids);
                itemsOf()
                    .filter((item) => !all.has(item.id))
                    .forEach((item) => drop(item.id));
            }
            list.querySelectorAll(":scope > .placeholder").forEach((item) => {
                item.hidden = itemsOf().length > 0;
            });
        },
    };
}

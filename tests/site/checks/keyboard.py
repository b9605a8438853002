"""A page by keyboard alone: Tab reaches all there is, in order, and one sees where one is."""

# Notes every element that takes the focus: its place among those that have to, and what is wrong.
WATCH = """() => {
    const kinds = "a[href], button, input, select, textarea, summary, [tabindex]";
    const sees = { visibilityProperty: true };
    const all = [...document.querySelectorAll(kinds)].filter(
        (e) => e.tabIndex >= 0 && !e.disabled && e.checkVisibility(sees)
            && e.getClientRects().length > 0
            && !(e.type === "radio" && !e.checked));
    // some boxes and radio buttons are unseen; their labels, or what stands in them, show the focus
    const faces = (e) => e.labels && (getComputedStyle(e).opacity === "0" || e.offsetWidth < 2)
        ? [...e.labels].flatMap((label) => [label, ...label.children])
            .filter((face) => face !== e && face.checkVisibility(sees)) : [e];
    const looks = (e) => faces(e).flatMap((face) => ["", "::before", "::after"].map((part) => {
        const style = getComputedStyle(face, part);
        const { outlineStyle, outlineWidth, boxShadow, borderColor, backgroundColor } = style;
        return [outlineStyle, outlineWidth, boxShadow, borderColor, backgroundColor].join();
    })).join(";");

    const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
    const light = (colour) => {
        const [r, g, b] = numbers(colour).map((v) => v / 255)
            .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ground = (e) => {
        for (; e; e = e.parentElement) {
            const colour = getComputedStyle(e).backgroundColor;
            if ((numbers(colour)[3] ?? 1) > 0.5) return colour;
        }
        return "rgb(255, 255, 255)";
    };
    const contrast = (one, other) => {
        const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
        return (high + 0.05) / (low + 0.05);
    };
    const rings = (e) => faces(e).flatMap((face) => ["", "::after"].map((part) => {
        const { outlineStyle, outlineWidth, outlineColor, outlineOffset }
            = getComputedStyle(face, part);
        if (outlineStyle === "none" || parseFloat(outlineWidth) < 2) return 0;
        const inside = parseFloat(outlineOffset) < 0;
        return contrast(outlineColor, ground(inside ? face : face.parentElement));
    }));
    const covered = (e) => {
        const box = faces(e)[0]?.getClientRects()[0];
        if (!box) return "nothing shows it";
        const middle = (from, to, end) => (Math.max(from, 0) + Math.min(to, end)) / 2;
        const part = (from, to, end) => Math.min(to, end) - Math.max(from, 0);
        if (part(box.left, box.right, innerWidth) < Math.min(8, box.width)
            || part(box.top, box.bottom, innerHeight) < Math.min(8, box.height))
            return "out of sight";
        const top = document.elementFromPoint(middle(box.left, box.right, innerWidth),
            middle(box.top, box.bottom, innerHeight));
        return top?.closest(".mobile-header") && !e.closest(".mobile-header")
            && !e.matches(".sidebar-toggle, .skip-to-content") ? "below the header" : "";
    };

    const before = all.map(looks);
    const short = (e) => e.outerHTML.slice(0, 120);
    const walk = { order: [], wrong: [], names: all.map(short), stops: 0 };
    document.addEventListener("focusin", ({ target }) => {
        walk.stops += 1;
        const at = all.indexOf(target);
        walk.order.push(at);
        if (at < 0) return;
        if (looks(target) === before[at]) walk.wrong.push(["no change", short(target)]);
        const ring = Math.max(...rings(target));
        if (ring < 3) walk.wrong.push([`a ring of contrast ${ring.toFixed(1)}`, short(target)]);
        const seen = faces(target).some((face) => getComputedStyle(face).opacity > 0.5);
        if (!seen) walk.wrong.push(["transparent", short(target)]);
        const hidden = covered(target);
        if (hidden) walk.wrong.push([hidden, short(target)]);
    });
    window.walk = walk;
    return all.length;
}"""


def walk(page):
    """Press Tab through the whole page; return what had to be reached, in which order it was."""
    left, stops = page.evaluate(WATCH), 0
    while left > 0:
        for _ in range(left):
            page.keyboard.press("Tab")
        found = page.evaluate("window.walk")
        trapped = found["stops"] == stops
        stops = found["stops"]
        # Chromium stops at boxes that scroll, too, so it may take a few more
        left = 0 if trapped or len(set(found["order"]) - {-1}) == len(found["names"]) else 12
    return found


def lost_stops(page):
    """Return what Tab leaves out or reaches out of order, and where one cannot see where one is."""
    found = walk(page)
    order, names = found["order"], found["names"]
    again = next((at for at, one in enumerate(order) if at and one == order[0]), len(order))
    first_round = [one for one in order[:again] if one >= 0]
    wrong = [["not reached", names[one]] for one in set(range(len(names))) - set(first_round)]
    if first_round != sorted(first_round):
        wrong.append(["not in the order of the page", first_round])
    wrong += found["wrong"]
    if not names[0].startswith('<a class="skip-to-content'):
        wrong.append(["the first is no link to the content", names[0]])
    return wrong[:6]

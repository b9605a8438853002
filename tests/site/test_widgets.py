"""The small widgets in a browser: their numbers against PyTorch's, and how they are worked."""

import gzip
import re

import numpy as np
import opening
import pytest
import torch
from axe_playwright_python.sync_playwright import Axe
from torch.nn import functional

PAGE = "explain/convolution-arithmetic.html"
SLIDERS = {
    "convolution": ["input", "kernel", "stride", "padding", "dilation"],
    "pooling": ["input", "kernel", "stride"],
}
# move the sliders to each of many settings, and read all that stands there then
READ = """([name, all]) => all.map(({ values, kind, cell }) => {
    const widget = document.querySelector(`[data-widget=${name}]`);
    widget.querySelectorAll("input[type=range]").forEach((slider, i) => {
        slider.value = values[i];
        slider.dispatchEvent(new Event("input"));
    });
    if (kind) widget.querySelector(`input[value=${kind}]`).click();
    const rows = ({ rows: all }) =>
        [...all].map(({ cells }) => [...cells].map((one) => one.textContent));
    const words = (name) => widget.querySelector(name).textContent;
    const found = { formula: words(".ex-formula"), message: words(".ex-message") };
    const hidden = widget.querySelector(".ex-boards").offsetParent === null;
    if (found.message) return { ...found, hidden };
    const [input, output] = widget.querySelectorAll(".ex-grid table");
    if (cell) output.rows[cell[0] % output.rows.length].cells[cell[1] % output.rows.length].click();
    return { ...found, input: rows(input), output: rows(output),
        chosen: output.querySelector(".ex-read").textContent,
        unread: [...input.querySelectorAll("td")].map((one) => one.classList.contains("ex-unread")),
        read: [...input.querySelectorAll("td")].map((one) => one.classList.contains("ex-read")),
        squares: [...widget.querySelectorAll(".ex-squares table")].map(rows),
        note: words(".ex-note"), said: words(".ex-said"), total: words(".ex-total") };
})"""


def numbers(rows):
    return torch.tensor([[float(one.replace("−", "-")) for one in row] for row in rows])


def settings(name, count):
    """Settings by chance, and the extremes."""
    generator = np.random.default_rng(0)
    ends = {"input": (1, 10), "kernel": (1, 5), "padding": (0, 3), "dilation": (1, 3)}
    ends["stride"] = (1, 4) if name == "convolution" else (1, 5)
    bounds = [ends[key] for key in SLIDERS[name]]
    found = [[low for low, _ in bounds], [high for _, high in bounds]]
    found += [[int(generator.integers(a, b + 1)) for a, b in bounds] for _ in range(count - 2)]
    for values in found:
        yield {"values": values, "cell": [int(one) for one in generator.integers(0, 20, 2)]}


def read_by_some(shape, how, padding=0):
    """Which pixels any window reads, by PyTorch's gradient."""
    image = torch.ones(1, 1, *shape, requires_grad=True)
    kernel = torch.ones(1, 1, how["kernel"], how["kernel"])
    rest = {key: how[key] for key in ("stride", "dilation") if key in how}
    functional.conv2d(image, kernel, padding=padding, **rest).sum().backward()
    return image.grad[0, 0] > 0


@pytest.fixture(scope="module")
def plain(browser, address):
    """One page for what sets all that it looks at."""
    with opening.opened(browser, address, PAGE) as page:
        yield page


def test_convolutions_are_pytorchs(plain):
    asked = list(settings("convolution", 250))
    refused = 0
    for one, shown in zip(asked, plain.evaluate(READ, ["convolution", asked]), strict=True):
        how = dict(zip(SLIDERS["convolution"], one["values"], strict=True))
        i, p = how["input"], how["padding"]
        if "input" not in shown:
            refused += 1
            with pytest.raises(RuntimeError, match="Kernel size can't be greater"):
                functional.conv2d(
                    torch.zeros(1, 1, i, i), torch.zeros(1, 1, how["kernel"], how["kernel"]),
                    stride=how["stride"], padding=p, dilation=how["dilation"],
                )  # fmt: skip
            span = how["dilation"] * (how["kernel"] - 1) + 1
            assert f"spans {span} pixels, and there are {i + 2 * p}" in shown["message"]
            assert shown["hidden"]
            assert shown["formula"] == ""
            continue
        padded = numbers(shown["input"])
        image = padded[p : p + i, p : p + i]
        assert padded.shape == (i + 2 * p, i + 2 * p)
        assert padded.sum() == image.sum()  # the border holds zeros
        window, weights, products = map(numbers, shown["squares"])
        rest = {"stride": how["stride"], "padding": p, "dilation": how["dilation"]}
        wanted = functional.conv2d(image[None, None], weights[None, None], **rest)[0, 0]
        assert torch.equal(numbers(shown["output"]), wanted), how
        assert shown["formula"].endswith(f"= {len(wanted)}")
        assert torch.equal(window * weights, products)
        assert products.sum() == float(shown["chosen"].replace("−", "-"))
        assert re.search(r"−?\d+\.$", shown["total"])[0] == f"{shown['chosen']}."
        assert torch.equal(padded[torch.tensor(shown["read"]).view_as(padded)], window.flatten())
        unread = torch.tensor(shown["unread"]).view_as(padded)
        assert torch.equal(unread[p : p + i, p : p + i], ~read_by_some((i, i), how, p)), how
        assert shown["note"].startswith(f"{unread.sum()} of" if unread.any() else "Each of")
    assert 10 < refused < 150


def test_poolings_are_pytorchs(plain):
    asked = [one | {"kind": kind} for one in settings("pooling", 60) for kind in ("max", "average")]
    refused = 0
    for one, shown in zip(asked, plain.evaluate(READ, ["pooling", asked]), strict=True):
        how = dict(zip(SLIDERS["pooling"], one["values"], strict=True))
        largest = one["kind"] == "max"
        pool = functional.max_pool2d if largest else functional.avg_pool2d
        if "input" not in shown:
            refused += 1
            with pytest.raises(RuntimeError, match="too small"):
                pool(torch.zeros(1, how["input"], how["input"]), how["kernel"], how["stride"])
            assert f"spans {how['kernel']} pixels, and there are {how['input']}" in shown["message"]
            continue
        image = numbers(shown["input"])
        wanted = pool(image[None], how["kernel"], how["stride"])[0]
        off = 0 if largest else 0.0501
        assert torch.allclose(numbers(shown["output"]), wanted, rtol=0, atol=off), how
        assert shown["formula"].endswith(f"= {len(wanted)}")
        window = numbers(shown["squares"][0])
        said = float(shown["total"].split()[-1].rstrip("."))
        rule = window.max() if largest else window.mean()
        assert said == pytest.approx(rule.item(), abs=0 if largest else 0.0051)
        unread = torch.tensor(shown["unread"]).view_as(image)
        assert torch.equal(unread, ~read_by_some(image.shape, how)), how
    assert 4 < refused < 60


def test_what_the_page_says_comes_true(plain):

    def convolution(*values):
        return plain.evaluate(READ, ["convolution", [{"values": list(values)}]])[0]

    seven, eight = convolution(7, 3, 2, 0, 1), convolution(8, 3, 2, 0, 1)
    assert len(seven["output"]) == len(eight["output"]) == 3
    assert eight["note"].startswith("15 of the 64 pixels are read by no window")
    assert all(len(convolution(i, 3, 1, 3, 3)["output"]) == i for i in range(1, 11))
    assert len(convolution(10, 3, 1, 2, 3)["output"]) < 10
    assert convolution(8, 1, 2, 0, 1)["note"].startswith("48 of the 64")

    def pooling(kind, *values):
        found = plain.evaluate(READ, ["pooling", [{"values": list(values), "kind": kind}]])[0]
        return numbers(found["output"])

    assert pooling("average", 8, 2, 2).max() < pooling("max", 8, 2, 2).max() == 9
    assert pooling("max", 8, 5, 2).min() >= 8  # hardly anything but the ring's brightness


def part(page, name):
    return page.locator(f"[data-widget={name}]")


def test_sliders_and_windows_by_keyboard(visit):
    page = visit(PAGE)
    widget = part(page, "convolution")
    slider = widget.get_by_role("slider", name="Stride s")
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert slider.get_attribute("aria-valuetext") == "2"
    output = widget.get_by_role("application", name="Output")
    output.focus()
    for key in ("End", "ArrowDown", "ArrowLeft", "ArrowUp", "ArrowUp", "ArrowUp"):
        page.keyboard.press(key)
    said = widget.locator(".ex-said").inner_text()
    assert said.startswith("Row 0, column 1 of the output is ")
    assert said.endswith("It reads rows 0 to 2 and columns 2 to 4 of the input.")
    assert output.evaluate("e => document.activeElement === e")
    widget.get_by_role("slider", name="Padding p").fill("1")
    widget.get_by_role("slider", name="Dilation d").fill("2")
    reads = "It reads rows −1, 1 and 3 and columns 1, 3 and 5 of the input."
    assert widget.locator(".ex-said").inner_text().endswith(reads)


def test_announcements_come_once(visit):
    page = visit(PAGE)
    page.evaluate(
        """() => { window.said = []; document.querySelectorAll("[aria-live]").forEach(e =>
            new MutationObserver(() => said.push(e.textContent)).observe(e, {childList: true})) }"""
    )
    widget = part(page, "convolution")
    page.wait_for_timeout(700)
    assert page.evaluate("said") == []  # nothing while nobody touches it
    widget.get_by_role("application").focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    page.wait_for_timeout(800)
    for value in "234":
        widget.get_by_role("slider", name="Stride s").fill(value)
    page.wait_for_timeout(800)
    first, second = page.evaluate("said")
    assert first.startswith("Row 1, column 4 of the output is ")
    assert second == "The output has 2 by 2 values."
    assert widget.locator("output, [role=status]").count() == 0


def test_mouse_steps_and_play(visit):
    page = visit(PAGE)
    widget = part(page, "pooling")
    said = widget.locator(".ex-said")
    widget.locator(".ex-grid").nth(1).locator("td").nth(6).hover()
    assert said.inner_text().startswith("Row 1, column 2 of")
    widget.get_by_role("button", name="Step", exact=True).click()
    assert said.inner_text().startswith("Row 1, column 3 of")
    widget.get_by_role("button", name="Play").click()
    page.wait_for_function(
        "e => e.textContent.startsWith('Row 3, column 3')", arg=said.element_handle()
    )
    widget.get_by_role("button", name="Play").wait_for()  # it has stopped
    widget.get_by_role("button", name="From the start").click()
    assert said.inner_text().startswith("Row 0, column 0 of")


@pytest.fixture(scope="module")
def wide(browser, address):
    """One page on which the convolution's boards are as wide as they get."""
    with opening.opened(browser, address, PAGE) as page:
        page.evaluate(READ, ["convolution", [{"values": [10, 1, 1, 3, 1]}]])
        yield page


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 640, 1440])
def test_widgets_fit_and_axe_finds_nothing(theme, width, wide):
    wide.set_viewport_size({"width": width, "height": 900})
    wide.emulate_media(color_scheme=theme)
    assert wide.evaluate("document.documentElement.scrollWidth") <= width
    small = wide.evaluate(
        """[...document.querySelectorAll(".ex-widget :is(button, label, input[type=range])")]
            .map(e => e.getBoundingClientRect()).filter(box => box.height < 24 || box.width < 24)"""
    )
    assert small == []
    reach = """Math.max(...[...document.querySelectorAll(".ex-widget *")]
        .map(e => e.getBoundingClientRect().right))"""
    assert wide.evaluate(reach) <= width
    if width in {390, 1440}:  # the same is shown, in the same colours, at the other two
        results = Axe().run(wide, context=".ex-widget")
        assert results.violations_count == 0, results.generate_report()


def test_forced_colours_leave_the_marks(browser, address):
    context = browser.new_context(forced_colors="active")
    page = context.new_page()
    page.goto(address + PAGE)
    marks = page.evaluate(
        """() => [".ex-field", ".ex-grid .ex-read"].map(one => {
            const { outlineStyle, outlineWidth } = getComputedStyle(document.querySelector(one));
            return `${outlineStyle} ${outlineWidth}`; })"""
    )
    assert marks == ["solid 2px"] * 2
    context.close()


def test_without_scripts_figure_and_text_stand(browser, address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + PAGE)
    assert part(page, "pooling").locator("figure img").is_visible()
    assert "which are off here" in part(page, "convolution").inner_text()
    context.close()


def test_a_page_loads_what_it_needs_and_no_more(html, soup, measured):
    def files(path):
        tags = soup(path).select("script[src*=explorer], link[href*=explorer][rel=stylesheet]")
        names = {(tag.get("src") or tag["href"]).partition("?")[0] for tag in tags}
        return {name.rpartition("/")[2] for name in names}

    own = "explorer-convolution-pooling"
    assert files(PAGE) == {f"{own}.js", f"{own}.css"}
    assert files("explorer/index.html") == {
        "explorer.js",
        "explorer.css",
        "explorer-network.js",
    }
    assert files("index.html") == set()
    texts = [(html / "_static" / f"{own}{end}").read_bytes() for end in (".js", ".css")]
    assert b"readNetwork" not in texts[0]
    assert b"softmax" not in texts[0]
    assert b"startWidget" not in (html / "_static" / "explorer.js").read_bytes()
    sizes = [len(gzip.compress(one, 9)) for one in texts]
    measured("widgets gzipped: script, style", f"{sum(sizes):,} B", "12,000 B")
    assert sum(sizes) < 12_000

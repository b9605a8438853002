"""The explorer in a browser: its numbers against PyTorch's, and all that a reader can do there."""

import base64
import gzip
import hashlib
import re
from typing import ClassVar

import numpy as np
import opening
import pytest
import serving
import torch
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from torch import nn

from cnnvis import capture, load_pretrained
from cnnvis.standins.digits import digits

PAGE = "explorer/index.html"
SWITCHES = [(pooling, relu) for pooling in ("max", "average", "none") for relu in (True, False)]
# all values of some images, one array after the other, handed out as they are: JSON would be slow
RUN = """async ([images, switches]) => {
    const all = Uint8Array.from(atob(images), (one) => one.charCodeAt(0)).buffer;
    const found = [];
    for (let at = 0; at < all.byteLength; at += 4 * 784)
        found.push(cnnvisExplorer.run(new Float32Array(all, at, 784), switches));
    const body = new Blob(found.flatMap((one) => Object.values(one)));
    await fetch("found", { method: "POST", body });
    return found.map((one) => Object.entries(one).map(([name, { length }]) => [name, length]));
}"""


@pytest.fixture(scope="module")
def network():
    return load_pretrained("mnist").network  # in the file's half precision, as on the page


@pytest.fixture(scope="module")
def images():
    """200 inputs: handwritten digits, as they are and upside down, noise, flat ones and spots."""
    written = digits("test")[0][:120].float() / 255
    generator = torch.Generator().manual_seed(0)
    noise = torch.rand(58, 1, 28, 28, generator=generator)
    flat = torch.tensor([0.0, 1.0, 0.5]).reshape(3, 1, 1, 1).expand(3, 1, 28, 28)
    spots = torch.zeros(19, 1, 28, 28)
    for i, spot in enumerate(spots):
        spot[0, (5 * i) % 28, (11 * i) % 28] = 1
    return torch.cat([written[:100], 1 - written[100:], noise, flat, spots]).contiguous()


def switched(network, pooling, relu):
    """The network as it is with the switches in another position."""
    model = load_pretrained("mnist").network
    model.load_state_dict(network.state_dict())
    kinds = {"max": nn.MaxPool2d, "average": nn.AvgPool2d}
    for number in (1, 2, 3):
        pool = kinds[pooling](2) if pooling in kinds else nn.Identity()
        setattr(model, f"pool{number}", pool)
        if not relu:
            setattr(model, f"relu{number}", nn.Identity())
    return model


class Taking(serving.Handler):
    """Takes what a page hands out."""

    taken: ClassVar = []

    def do_POST(self):  # noqa: N802 (the name that http.server calls)
        self.taken.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(204)
        self.end_headers()


@pytest.fixture(scope="module")
def computing(browser, html):
    """The explorer's page, and a function that returns what it has handed out."""
    with serving.serve(html, Taking) as address, opening.opened(browser, address, PAGE) as page:
        yield page, lambda: np.frombuffer(Taking.taken.pop(), "<f4")


@pytest.mark.parametrize(("pooling", "relu"), SWITCHES)
def test_every_value_of_every_layer_is_pytorchs(
    pooling, relu, network, images, computing, measured
):
    assert len(images) == 200
    page, handed_out = computing
    model = switched(network, pooling, relu)
    with torch.no_grad(), capture(model) as maps:
        logits = model(images)
    wanted = {"input": images, **maps, "softmax": logits.softmax(1)}
    parts = [one.flatten(1).numpy() for one in wanted.values()]
    sizes = [[name, part.shape[1]] for name, part in zip(wanted, parts, strict=True)]
    furthest = 0.0
    for start in range(0, 200, 50):
        some = base64.b64encode(images[start : start + 50].numpy().tobytes()).decode()
        assert page.evaluate(RUN, [some, {"pooling": pooling, "relu": relu}]) == [sizes] * 50
        mine = np.concatenate([part[start : start + 50] for part in parts], 1)
        furthest = max(furthest, np.abs(handed_out().reshape(mine.shape) - mine).max())
    how = f"explorer against PyTorch, {pooling} pooling, ReLU {relu}"
    measured(how, f"{furthest:.1e}", "1e-4")
    assert furthest <= 1e-4


@pytest.mark.parametrize("kernel", [1, 2, 3, 5])
def test_convolutions_of_any_kind_are_pytorchs(kernel, visit):
    page = visit(PAGE)
    generator = torch.Generator().manual_seed(kernel)
    maps = torch.rand(3, 13, 16, generator=generator) - 0.5
    weight = torch.rand(4, 3, kernel, kernel, generator=generator) - 0.5
    bias = torch.rand(4, generator=generator)
    ways = [
        {"stride": stride + 1, "padding": padding, "dilation": dilation + 1}
        for stride, padding, dilation in np.ndindex(3, 4, 3)
    ]
    found = page.evaluate(
        "([ways, ...rest]) => ways.map((how) => [...cnnvisExplorer.convolve(...rest, how)])",
        [[{"kernel": kernel, **how} for how in ways], maps.flatten().tolist(), list(maps.shape),
         weight.flatten().tolist(), bias.tolist()],
    )  # fmt: skip
    for how, mine in zip(ways, found, strict=True):
        wanted = nn.functional.conv2d(maps[None], weight, bias, **how)
        assert len(mine) == wanted.numel()
        assert np.allclose(mine, wanted.flatten().numpy(), atol=1e-5)


def state(page):
    return page.evaluate("cnnvisExplorer.state()")


def settled(page, *names):
    """What the page shows after the next frame, by name of the step; the input alone if none is."""
    return page.evaluate(
        """names => new Promise(done => requestAnimationFrame(() => setTimeout(() => {
            const values = Object.entries(cnnvisExplorer.values());
            const wanted = values.filter(([name]) => names.includes(name));
            done(Object.fromEntries(wanted.map(([name, all]) => [name, [...all]])));
        })))""",
        names or ["input"],
    )


def start(visit, hash_="", **how):
    """Load the explorer in the state of an address; a new hash alone would not load it again."""
    visit("_static/favicon.svg")
    return visit(PAGE + hash_, **how)


def check_answer(page, network, pooling="max", relu=True):
    """The bars, and the sentence above them, say what PyTorch says of the input on the pad."""
    values = settled(page)
    with torch.no_grad():
        logits = switched(network, pooling, relu)(
            torch.tensor(values["input"]).float().view(1, 1, 28, 28)
        )
    likely = logits.softmax(1)[0]
    shown = [float(one[:-2]) / 100 for one in page.locator(".ex-share").all_inner_texts()]
    assert np.allclose(shown, likely.numpy(), atol=0.0006)
    return values


def test_drawing_with_the_mouse_reaches_every_layer(network, visit):
    page = start(visit)
    page.get_by_role("button", name="Clear").click()
    assert set(settled(page)["input"]) == {0}
    check_answer(page, network)
    said = page.locator(".ex-said").inner_text()
    assert said.startswith("Nothing is drawn, and still it reads a ")
    box = page.locator(".ex-pad").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"]
    page.mouse.move(x, y + 0.2 * box["height"])
    page.mouse.down()
    page.mouse.move(x, y + 0.8 * box["height"], steps=8)
    page.mouse.up()
    values = check_answer(page, network)
    image = np.array(values["input"]).reshape(28, 28)
    assert image[7:21, 13:15].min() > 0.9  # the line is there and nowhere else
    assert image[:, :10].max() == image[:, 18:].max() == 0
    assert page.locator(".ex-said").inner_text().startswith("It reads a 1")
    page.get_by_role("button", name="Undo").click()
    assert set(settled(page)["input"]) == {0}


def test_drawing_with_the_keyboard_alone(network, visit):
    page = start(visit)
    page.get_by_role("button", name="Clear").focus()
    page.keyboard.press("Enter")
    page.get_by_role("application", name="Drawing pad").focus()
    for key in ["ArrowUp"] * 7 + ["Space"] + ["Shift+ArrowDown"] * 14:
        page.keyboard.press(key)
    image = np.array(check_answer(page, network)["input"]).reshape(28, 28)
    assert image[7:21, 14].min() == 1
    page.keyboard.press("Backspace")
    assert np.array(settled(page)["input"]).reshape(28, 28)[21, 14] == 0


def test_drawing_by_touch(browser, address):
    context = browser.new_context(has_touch=True, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(address + PAGE)
    page.get_by_role("button", name="Clear").tap()
    page.locator(".ex-pad").tap()
    assert sum(settled(page)["input"]) > 1
    page.locator(".ex-map").nth(12).tap()
    assert state(page)["cell"] is not None
    context.close()


@pytest.mark.parametrize(("pooling", "relu"), [("average", True), ("none", True), ("max", False)])
def test_switches_change_the_answer_and_open_theirs(pooling, relu, network, visit):
    page = start(visit, "#digit=4")
    check_answer(page, network)
    assert not page.locator(".ex-questions-card details[open]").count()
    if relu:
        page.get_by_role("group", name="Pooling").get_by_label(pooling.capitalize()).check()
    else:
        page.get_by_role("group", name="ReLU").get_by_label("Off").check()
    check_answer(page, network, pooling, relu)
    question = page.locator(".ex-questions-card > div:visible").first
    words = {"average": "Pooling.", "none": "No pooling."}[pooling] if relu else "ReLU."
    assert question.inner_text().startswith(words)
    assert question.locator("details").evaluate("e => e.open")
    assert "As it was trained" in page.locator(".ex-note").inner_text()


def test_the_grey_square_covers_and_follows_the_keys(network, visit):
    page = start(visit, "#digit=8")
    page.get_by_label("Grey square").check()
    page.get_by_role("application", name="Drawing pad").focus()
    page.keyboard.press("ArrowRight")
    image = np.array(check_answer(page, network)["input"]).reshape(28, 28)
    square = state(page)["square"]
    assert square == {"top": 10, "left": 11, "size": 7}
    assert (image[10:17, 11:18] == 0.5).all()
    page.get_by_role("radio", name="Pen").check()
    assert state(page)["square"] is None


def test_the_grey_square_is_dragged_with_the_mouse(network, visit):
    page = start(visit, "#digit=8")
    page.get_by_label("Grey square").check()
    before = state(page)["shades"]
    box = page.locator(".ex-pad").bounding_box()
    cell = box["width"] / 28

    def at(x, y):
        return box["x"] + x * cell, box["y"] + y * cell

    page.mouse.move(*at(14, 14))
    page.mouse.down()
    for x, y in ((12, 10), (8, 5)):
        page.mouse.move(*at(x, y), steps=3)
        image = np.array(check_answer(page, network)["input"]).reshape(28, 28)
        square = state(page)["square"]
        assert abs(square["left"] + 3.5 - x) <= 1
        assert abs(square["top"] + 3.5 - y) <= 1
        top, left = square["top"], square["left"]
        assert (image[top : top + 7, left : left + 7] == 0.5).all()
    page.mouse.up()
    page.mouse.move(*at(20, 20))
    assert state(page)["square"] == square  # let go
    page.mouse.move(*at(1, 26))
    page.mouse.down()
    page.mouse.up()
    assert state(page)["square"] == {"left": 0, "top": 21, "size": 7}  # it stays on the pad
    assert state(page)["shades"] == before  # and leaves no ink


def test_questions_come_one_at_a_time(visit):
    page = start(visit)
    card = page.locator(".ex-questions-card")
    shown = card.locator("> div:not(.ex-row):visible")
    seen = []
    for number in range(1, 9):
        assert shown.count() == 1
        assert not shown.locator("details").evaluate("e => e.open")
        seen.append(shown.locator("strong").inner_text())
        assert f"Question {(number - 1) % 7 + 1} of 7" in card.inner_text()
        card.get_by_role("button", name="Next question").click()
    assert len(set(seen)) == 7
    assert seen[7] == seen[0]
    page.wait_for_timeout(700)
    assert page.locator("[aria-live]").first.inner_text().startswith("Question 2 of 7: No pooling.")
    card.get_by_role("button", name="Previous question").click()
    assert shown.locator("strong").inner_text() == "Pooling."
    page.get_by_role("button", name="Clear").click()
    assert shown.locator("strong").inner_text() == "Nothing."
    assert shown.locator("details").evaluate("e => e.open")


MAPS = """() => [...document.querySelectorAll("[aria-labelledby=ex-conv1] .ex-map canvas")].map(
    one => [...one.getContext("2d").getImageData(0, 0, 28, 28).data])"""


def test_a_scale_for_each_map_changes_the_faint_ones_most_and_no_number(visit):
    page = start(visit, "#digit=2")
    names = [step["name"] for step in page.evaluate("cnnvisExplorer.steps()")]
    before, drawn = settled(page, *names), np.array(page.evaluate(MAPS), float)
    page.get_by_role("group", name="Scale").get_by_label("Map").check()
    after, redrawn = settled(page, *names), np.array(page.evaluate(MAPS), float)
    assert after == before
    changed = abs(redrawn - drawn).mean(1)
    strength = abs(np.array(after["conv1"]).reshape(8, -1)).max(1)
    assert changed[strength.argmin()] > 3 * changed[strength.argmax()]
    assert changed[strength.argmax()] < 1


def test_fields_shrink_without_pooling(visit):
    page = start(visit, "#digit=3&cell=conv3-0-3-3")
    sees = page.locator(".ex-cell-text")
    assert sees.inner_text().startswith("It sees 18×18 pixels")
    page.get_by_role("group", name="Pooling").get_by_label("None").check()
    settled(page)
    assert sees.inner_text().startswith("It sees 7×7 pixels")


def states_linked(html):
    """Where each state is linked from, all over the site."""
    found = {}
    for file in html.rglob("*.html"):
        for hash_ in re.findall(
            r'href="[^"]*explorer/index\.html#([^"]*=[^"]*)"', file.read_text("utf-8")
        ):
            found.setdefault(hash_.replace("&amp;", "&"), []).append(file.stem)
        if file.parent.name == "explorer":
            for hash_ in re.findall(
                r'href="(?:index\.html)?#([^"]*=[^"]*)"', file.read_text("utf-8")
            ):
                found.setdefault(hash_.replace("&amp;", "&"), []).append(file.stem)
    return found


def test_every_link_to_a_state_opens_it(html, browser, address):
    linked = states_linked(html)
    pages = {name for names in linked.values() for name in names}
    assert pages >= {"index", "convolution-arithmetic", "feature-maps", "plot_10_convolution",
                     "plot_20_pooling", "plot_10_training", "plot_20_filters",
                     "plot_10_every_layer", "plot_10_captum"}  # fmt: skip
    context = browser.new_context()
    opened = {hash_: context.new_page() for hash_ in linked}
    for hash_, page in opened.items():
        page.goto(f"{address}{PAGE}#{hash_}")
    page.wait_for_timeout(600)  # the pages have written their own addresses
    for hash_, page in opened.items():
        assert not page.locator(".ex-message").is_visible(), hash_
        assert set(page.evaluate("location.hash")[1:].split("&")) == set(hash_.split("&"))
    context.close()


def test_states_are_what_the_text_says(visit):
    page = start(visit, "#ink=none")
    assert sum(state(page)["shades"]) == 0
    assert page.locator(".ex-best").count() == 1  # it names a digit all the same
    page = start(visit, "#digit=6&square=3-4")
    assert state(page)["square"] == {"top": 3, "left": 4, "size": 7}
    assert "reads a 6" not in page.locator(".ex-said").inner_text()
    assert page.locator(".ex-cover").is_visible()
    assert page.get_by_role("radio", name="Grey square").is_checked()
    page = start(visit, "#digit=4&pooling=average")
    assert page.get_by_role("radio", name="Average").is_checked()
    assert "As it was trained" in page.locator(".ex-note").inner_text()
    page = start(visit, "#digit=3&cell=conv2-3-6-7")
    assert page.locator(".ex-cell h2").inner_text().startswith("conv2, map 3, row 6, column 7: ")


def test_sliders_move_turn_and_thicken(visit):
    page = start(visit, "#digit=7")
    before = np.array(settled(page)["input"]).reshape(28, 28)
    page.get_by_text("Shift, turn, thicken").click()
    page.get_by_role("slider", name="Shift right").fill("3")
    after = np.array(settled(page)["input"]).reshape(28, 28)
    assert np.allclose(after[:, 3:], before[:, :-3])
    page.get_by_role("slider", name="Shift right").fill("0")
    page.get_by_role("slider", name="Turn").fill("90")
    turned = np.array(settled(page)["input"]).reshape(28, 28)
    assert np.allclose(turned, np.rot90(before, -1), atol=1e-5)
    page.get_by_role("slider", name="Turn").fill("0")
    page.get_by_role("slider", name="Thicken").fill("1")
    assert np.array(settled(page)["input"]).sum() > 1.2 * before.sum()


# a blob that is opened as a reader's file; on its way through this process it would take seconds
OPEN = """make => Promise.resolve(make()).then(blob => {
    const transfer = new DataTransfer(), file = document.querySelector("#ex-file");
    transfer.items.add(new File([blob], "image.png", { type: "image/png" }));
    file.files = transfer.files;
    file.dispatchEvent(new Event("change"));
})"""
DRAWN = """() => new Promise(done => {{
    const canvas = document.createElement("canvas"), c = canvas.getContext("2d");
    Object.assign(canvas, {{ width: {0}, height: {1} }});
    {2}
    canvas.toBlob(done);
}})"""
IMAGE = """() => new Promise(done => {
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width: 500, height: 420 });
    canvas.getContext("2d").fillRect(80, 60, 40, 300);
    canvas.toBlob(blob => blob.arrayBuffer().then(b => done([...new Uint8Array(b)])));
})"""  # without code made from text, which a strict policy forbids
DARK_ON_LIGHT = "c.fillStyle='#ddd';c.fillRect(0,0,900,900);c.fillStyle='#333';"
BAR = "c.fillRect(80,60,40,300);"


def give(page, data, name="image.png"):
    page.locator("#ex-file").set_input_files(
        {"name": name, "mimeType": "image/png", "buffer": bytes(data)}
    )


def give_made(page, make):
    """Open the blob that a function in the page makes."""
    page.evaluate(f"() => ({OPEN})({make})")


LIGHT_ON_DARK = "c.fillRect(0,0,900,900);c.fillStyle='#fff';"


@pytest.mark.parametrize("ground", [DARK_ON_LIGHT, "", LIGHT_ON_DARK])
def test_an_image_is_framed_as_mnist_is(ground, network, visit):
    """Dark on light, dark on transparent and light on dark."""
    page = start(visit)
    give_made(page, DRAWN.format(500, 420, ground + BAR))
    page.wait_for_function("cnnvisExplorer.state().shades[14 * 28 + 14] === 15")
    image = np.array(check_answer(page, network)["input"]).reshape(28, 28)
    rows = np.flatnonzero(image.max(1) > 0.5)
    assert len(rows) == 20
    assert np.average(np.arange(28), weights=image.sum(1)) == pytest.approx(13.5, abs=0.5)
    assert np.average(np.arange(28), weights=image.sum(0)) == pytest.approx(13.5, abs=0.5)
    assert page.locator(".ex-said").inner_text().startswith("It reads a 1")


def test_an_image_can_be_pasted(visit):
    page = start(visit, "#digit=0")
    page.evaluate(
        """data => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([new Uint8Array(data)], "a.png", { type: "image/png" }));
            const event = new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true });
            document.dispatchEvent(event);
        }""",
        page.evaluate(IMAGE),
    )
    page.wait_for_function("cnnvisExplorer.state().shades[14 * 28 + 14] === 15")


def test_bad_images_get_a_message_and_change_nothing(visit):
    page = start(visit, "#digit=6")
    before = state(page)["shades"]
    message = page.locator(".ex-message")
    give(page, b"<script>window.broken = 1</script>")
    page.wait_for_function("document.querySelector('.ex-message').textContent")
    assert "could not be read" in message.inner_text()
    give_made(page, DRAWN.format(300, 300, "c.fillStyle='#888';c.fillRect(0,0,300,300)"))
    page.wait_for_function("document.querySelector('.ex-message').textContent.includes('blank')")
    give_made(page, "() => new Blob([new Uint8Array(31e6)])")
    page.wait_for_function("document.querySelector('.ex-message').textContent.includes('30 MB')")
    assert state(page)["shades"] == before
    assert page.evaluate("window.broken") is None
    give_made(page, DRAWN.format(4000, 3000, "c.fillRect(1500,400,300,2200)"))
    page.wait_for_function("cnnvisExplorer.state().shades[14 * 28 + 14] === 15")
    assert not message.is_visible()


def cells_to_ask(steps):
    generator = np.random.default_rng(0)
    for at in range(100):
        index = 1 + at % (len(steps) - 2)  # neither the input nor softmax
        yield index, *(int(generator.integers(size)) for size in steps[index]["shape"])


@pytest.mark.parametrize(("pooling", "relu"), SWITCHES)
def test_what_is_shown_of_a_hundred_cells_adds_up(pooling, relu, visit):
    page = start(visit, f"#digit=2&pooling={pooling}&relu={'on' if relu else 'off'}")
    switches = {"pooling": pooling, "relu": relu}
    steps = page.evaluate("switches => cnnvisExplorer.steps(switches)", switches)
    values = settled(page, *(step["name"] for step in steps))
    cells = list(cells_to_ask(steps))
    facts = page.evaluate("cells => cells.map((cell) => cnnvisExplorer.explain(...cell))", cells)
    for (index, channel, row, column), fact in zip(cells, facts, strict=True):
        _, height, width = steps[index]["shape"]
        real = values[steps[index]["name"]][(channel * height + row) * width + column]
        assert fact["value"] == pytest.approx(1000 * real, abs=0.51)
        if "parts" in fact:
            assert sum(part["sum"] for part in fact["parts"]) + fact["bias"] == fact["value"]
            for part in fact["parts"]:
                assert sum(part["products"]) == part["sum"]
                exact = np.array(part["patch"]) * np.array(part["kernel"]) / 1000
                off = 1.5 + (abs(np.array(part["patch"])) + abs(np.array(part["kernel"]))) / 2000
                assert (abs(exact - part["products"]) <= off).all()
        else:
            window = np.array(fact["window"])
            rule = {"max": window.max(), "average": window.mean(), "same": window.max(),
                    "relu": max(0, window.max())}[fact["rule"]]  # fmt: skip
            assert rule == pytest.approx(real, abs=1e-4)


def test_the_open_cell_says_its_arithmetic_in_numbers_that_add_up(visit):
    page = start(visit, "#digit=5&cell=conv2-3-6-7")
    panel = page.locator(".ex-cell")
    assert panel.locator("h2").inner_text().startswith("conv2, map 3, row 6, column 7: ")

    def read(text):
        found = re.findall(r"−?\d+\.\d{3}", text)
        return [round(1000 * float(one.replace("−", "-"))) for one in found]

    for part in range(8):
        panel.locator(".ex-parts button").nth(part).click()
        products = read(" ".join(panel.locator("table").nth(2).locator("td").all_inner_texts()))
        total = read(panel.locator(".ex-total").first.inner_text())
        assert len(products) == 9
        assert sum(products) == total[0]
        assert total[0] == read(panel.locator(".ex-parts button").nth(part).inner_text())[0]
    text = panel.locator(".ex-total").last.inner_text()
    everything, bias, value, relu = read(text)
    assert everything + (bias if "+ bias" in text else -bias) == value
    assert relu == max(0, value)


def test_a_field_is_what_a_cell_depends_on(network, visit):
    """Gradients of PyTorch's network without pooling's choice know the field as well."""
    page = start(visit)
    model = switched(network, "average", False)
    image = torch.rand(1, 1, 28, 28, requires_grad=True)
    names = [step["name"] for step in page.evaluate("cnnvisExplorer.steps()")]
    for name, channel, row, column in (("conv1", 0, 0, 27), ("pool1", 3, 5, 6), ("conv2", 1, 7, 0),
                                       ("pool2", 2, 3, 3), ("conv3", 9, 3, 4), ("pool3", 31, 2, 0),
                                       ("fc", 4, 0, 0)):  # fmt: skip
        with capture(model, [name], copy=False) as maps:
            model(image)
        chosen = maps[name].reshape(1, maps[name].shape[1], *(maps[name].shape[2:] or (1, 1)))
        gradient = torch.autograd.grad(chosen[0, channel, row, column], image)[0][0, 0]
        ys, xs = torch.nonzero(gradient, as_tuple=True)
        cell = [names.index(name), channel, row, column]
        box = page.evaluate("cell => cnnvisExplorer.fields(...cell)[0].box", cell)
        assert box == [int(ys.min()), int(xs.min()), int(ys.max()) + 1, int(xs.max()) + 1], name


@pytest.mark.parametrize("width", [390, 1280])
def test_the_cell_of_an_address_is_not_covered(width, visit):
    page = start(visit, "#digit=8&cell=conv3-2-5-5", width=width)
    page.wait_for_function("scrollY > 0")
    field = page.locator(".ex-own").bounding_box()
    assert field["y"] > 0
    assert field["y"] + field["height"] < page.locator(".ex-cell").bounding_box()["y"]


def test_cells_by_keyboard_with_one_tab_stop_a_layer(visit):
    page = start(visit)
    stops = page.locator(".ex-map[tabindex='0']")
    assert stops.count() == 11
    stops.nth(3).focus()
    page.keyboard.press("PageDown")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    cell = state(page)["cell"]
    assert (cell["index"], cell["channel"], cell["column"]) == (4, 1, 1)
    assert page.evaluate("document.activeElement.dataset.channel") == "1"
    assert page.locator(".ex-map[tabindex='0']").count() == 11
    live = page.locator("[aria-live]").first
    page.wait_for_timeout(700)
    assert live.inner_text().startswith("conv2, map 1, row ")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "ex-cell-title"
    stops.nth(3).focus()
    page.keyboard.press("Escape")
    assert state(page)["cell"] is None


def test_stepping_slides_the_window_and_fills_the_map(visit):
    page = start(visit, "#digit=3&cell=conv1-2-0-26")
    page.get_by_role("button", name="Step", exact=True).click()
    page.get_by_role("button", name="Step", exact=True).click()
    cell = state(page)["cell"]
    assert (cell["row"], cell["column"]) == (1, 0)
    settled(page)
    seen = page.evaluate(
        """() => [...document.querySelectorAll(".ex-map canvas")[2].getContext("2d")
            .getImageData(0, 0, 28, 28).data].filter((_, i) => i % 4 == 3)"""
    )
    assert seen == [255] * 29 + [0] * (784 - 29)
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("cnnvisExplorer.state().cell.column > 2")
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="From the start").click()
    assert (state(page)["cell"]["row"], state(page)["cell"]["column"]) == (0, 0)


def test_an_address_opens_the_same_state(visit):
    page = start(visit)
    page.get_by_role("button", name="Clear").click()
    page.locator(".ex-pad").click(position={"x": 60, "y": 80})
    page.get_by_role("group", name="Pooling").get_by_label("None").check()
    page.get_by_role("group", name="Scale").get_by_label("Map").check()
    page.locator(".ex-map").nth(30).click()
    page.wait_for_function("location.hash.includes('cell')")
    page.wait_for_timeout(600)
    before, hash_ = state(page), page.evaluate("location.hash")
    again = start(visit, hash_)
    assert state(again) == before


@pytest.mark.parametrize(
    "hash_",
    [
        "#ink=zzz&cell=conv9-1-1-1&pooling=<img src=x onerror=window.broken=1>",
        "#digit=11&turn=1e9&square=99-99&cell=conv1-8-0-0&__proto__=1",
        "#=&&&=%E0%A4%A&digit=%00&right=NaN&constructor=1",
    ],
)
def test_a_malformed_address_gets_a_message_and_breaks_nothing(hash_, network, visit):
    page = start(visit, hash_)
    check_answer(page, network)
    assert "could not be read" in page.locator(".ex-message").inner_text()
    assert page.evaluate("window.broken") is None
    assert page.locator(".explorer img").count() == 0


def test_the_view_can_be_saved(visit):
    page = start(visit, "#digit=5&pooling=average")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save").click()
    assert download.value.suggested_filename == "explorer.png"
    with Image.open(download.value.path()) as image:
        pixels = np.array(image.convert("RGB"))
    assert image.format == "PNG"
    digit = pixels[40:292:9, 30:282:9, 0] / 255
    assert np.allclose(
        digit[1:27, 1:27], np.reshape(settled(page)["input"], (28, 28))[1:27, 1:27], atol=0.01
    )
    assert (pixels[-10:] == 255).all()  # nothing is cut off below
    assert (pixels[:, -10:] == 255).all()
    assert (pixels[:, 320:].mean((0, 2)) < 255).mean() > 0.9  # maps from side to side


@pytest.fixture(scope="module")
def busy(browser, address):
    """One page with a cell open, everything switched and all its parts unfolded."""
    state = "#digit=3&cell=conv3-3-3-3&pooling=average&square=3-3"
    with opening.opened(browser, address, PAGE + state) as page:
        page.get_by_text("Shift, turn, thicken").click()
        yield page


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_axe_finds_nothing_with_a_cell_open(theme, width, busy):
    busy.set_viewport_size({"width": width, "height": 900})
    busy.emulate_media(color_scheme=theme)
    results = Axe().run(busy)
    assert results.violations_count == 0, results.generate_report()
    assert busy.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [320, 390, 640, 768, 920, 1080, 1280, 1440])
def test_targets_are_large_enough(width, busy):
    busy.set_viewport_size({"width": width, "height": 900})
    small = busy.evaluate(
        """[...document.querySelectorAll(".ex-all :is(button, summary, label, .ex-map)")]
            .map(e => [e.getBoundingClientRect(), e.outerHTML.slice(0, 80)])
            .filter(([box]) => box.width && (box.width < 24 || box.height < 24))
            .map(([box, text]) => `${box.width}×${box.height} ${text}`)"""
    )
    assert small == []
    reach = """Math.max(...[...document.querySelectorAll(".ex-all :not(.ex-hint)")]
        .map(e => e.getBoundingClientRect().right))"""
    assert busy.evaluate(reach) <= width


def test_text_of_twice_the_size_fits(launch, address):
    """Zooming to 200 % is a window of half the width, which is tested above; this is text alone."""
    large = launch("--blink-settings=defaultFontSize=32,defaultFixedFontSize=26")
    page = large.new_page(viewport={"width": 1280, "height": 900})
    page.goto(address + PAGE + "#digit=3&cell=conv3-3-3-3")
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
    settled(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    cut = page.evaluate(
        """[...document.querySelectorAll(".ex-all :is(button, label span, h2, h3, p, li)")]
            .filter(e => e.offsetParent && !e.closest(".ex-hidden, .ex-hint"))
            .filter(e => getComputedStyle(e).display !== "inline")
            .filter(e => e.scrollWidth > e.clientWidth + 1)
            .map(e => e.outerHTML.slice(0, 90))"""
    )
    assert cut == []
    large.close()


def light(colour):
    """Relative luminance of a colour as a browser tells it."""
    parts = [int(one) / 255 for one in re.findall(r"\d+", colour)[:3]]
    parts = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return float(np.dot(parts, [0.2126, 0.7152, 0.0722]))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_bars_and_marks_stand_out_in_forced_colours(theme, browser, address):
    context = browser.new_context(forced_colors="active", color_scheme=theme)
    page = context.new_page()
    page.goto(address + PAGE + "#digit=4&pooling=average&cell=conv3-3-3-3")
    ground = light(
        page.evaluate("getComputedStyle(document.querySelector('.ex-track')).backgroundColor")
    )
    for name in (".ex-best .ex-bar", "li:not(.ex-best) .ex-bar", ".ex-mark"):
        colour = page.evaluate(
            "name => getComputedStyle(document.querySelector(name)).backgroundColor", name
        )
        dark, bright = sorted([ground, light(colour)])
        assert (bright + 0.05) / (dark + 0.05) >= 3, (name, colour)
    pressed = (
        "getComputedStyle(document.querySelector('.ex-parts [aria-pressed=true]')).outlineStyle"
    )
    assert page.evaluate(pressed) == "solid"
    context.close()


def test_a_strict_policy_for_scripts_and_styles_changes_nothing(html, browser, address):
    """Scripts and styles of the site alone; what the theme has in the page is named by its hash,
    and its icons have attributes for their style.
    """
    text = (html / PAGE).read_text("utf-8")
    hashes = {}
    for kind in ("script", "style"):
        bodies = re.findall(rf"<{kind}(?![^>]*src=)[^>]*>(.*?)</{kind}>", text, re.DOTALL)
        codes = [base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in bodies]
        hashes[kind] = " ".join(f"'sha256-{code}'" for code in codes)
    policy = (
        f"default-src 'none'; script-src 'self' {hashes['script']}; img-src 'self' data:; "
        f"style-src 'self' {hashes['style']}; style-src-attr 'unsafe-inline'; font-src 'self'"
    )
    assert "style=" not in text[text.index("<article") : text.index("</article")]
    page = browser.new_page()
    problems = []
    page.on("console", lambda one: problems.append(one.text) if one.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(error.stack))

    def guarded(route):
        route.fulfill(response=(answer := route.fetch()),
                      headers={**answer.headers, "content-security-policy": policy})  # fmt: skip

    page.route("**/explorer/index.html*", guarded)
    page.goto(address + PAGE + "#digit=9")
    assert page.locator(".ex-said").inner_text().startswith("It reads a 9")
    page.get_by_role("group", name="Pooling").get_by_label("None").check()
    page.locator(".ex-map").nth(12).click()
    give(page, page.evaluate(IMAGE))
    page.wait_for_function("cnnvisExplorer.state().shades[14 * 28 + 14] === 15")
    with page.expect_download():
        page.get_by_role("button", name="Save").click()
    # Sphinx makes the rule for plurals of its own words from text; it is refused, and not missed
    assert [one for one in problems if "doctools.js" not in one] == []
    page.close()


def test_without_scripts_figures_and_text_stand(browser, address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + PAGE)
    assert page.locator(".explorer figure img").is_visible()
    assert page.locator(".ex-questions dt").count() == 7
    answers = page.locator(".ex-questions").inner_text()
    assert "in training no digit was turned by more than 8°" in answers
    context.close()


def test_it_works_from_the_disk(browser, html):
    page = browser.new_page()
    page.goto((html / PAGE).as_uri() + "#digit=9")
    assert page.locator(".ex-said").inner_text().startswith("It reads a 9")
    page.close()


def test_nothing_in_its_scripts_needs_more_than_own_scripts(html):
    for name in ("explorer.js", "explorer-network.js"):
        text = (html / "_static" / name).read_text("utf-8")
        risky = r"innerHTML|outerHTML|\beval\(|new Function|insertAdjacent|fetch\(|import\("
        assert not re.search(risky, text)
    assert "<script>" not in (html / PAGE).read_text("utf-8").partition('<div class="explorer">')[2]


def test_page_and_network_are_small(html, soup, measured):
    article = str(soup(PAGE).select_one("article")).encode()
    files = [html / "_static" / f"explorer{end}" for end in (".js", "-network.js", ".css")]
    data = [article, *(one.read_bytes() for one in files)]
    sizes = [len(gzip.compress(one, 9)) for one in data]
    found = f"{sum(sizes):,} B: {', '.join(map(str, sizes))}"
    measured("explorer gzipped: text, script, network, style", found, "60,000 B")
    assert sum(sizes) <= 60_000


@pytest.mark.timed
def test_times_are_printed(visit, measured):
    """Printed beside their bars; machines differ too much to assert them."""
    page = start(visit)
    page.wait_for_function("cnnvisExplorer.times().ready > 0")
    ready = page.evaluate("cnnvisExplorer.times().ready")
    times = page.evaluate(
        """async () => {
            const pad = document.querySelector(".ex-pad"), box = pad.getBoundingClientRect();
            const times = [];
            const send = (kind, i) => pad.dispatchEvent(new PointerEvent(kind, {
                pointerId: 1, clientX: box.left + box.width * (.3 + .4 * (i % 10) / 10),
                clientY: box.top + box.height * (.2 + .6 * i / 80), bubbles: true, buttons: 1 }));
            pad.setPointerCapture = () => {};
            send("pointerdown", 0);
            for (let i = 1; i < 80; i++) {
                send("pointermove", i);
                await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
                times.push(cnnvisExplorer.times());
            }
            send("pointerup", 79);
            return times.slice(20);
        }"""
    )
    forward, frame = (sorted(one[key] for one in times) for key in ("forward", "frame"))
    measured("explorer, first maps after load", f"{ready:.0f} ms", "100 ms")
    measured("explorer, forward pass, median", f"{forward[30]:.1f} ms", "4 ms")
    measured("explorer, frame while drawing, median", f"{frame[30]:.1f} ms", "16 ms")
    measured("explorer, frame while drawing, slowest of 59", f"{frame[-1]:.1f} ms", "16 ms")
    assert len(frame) == 59
    assert min(ready, frame[0]) > 0

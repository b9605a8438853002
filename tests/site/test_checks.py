"""The checks of pages find what is broken on purpose, all of it, and nothing on a sound page."""

import pytest
import serving
import visiting
from checks import axe, conditions, keyboard, names, reflow
from checks.policy import Sender

SOUND = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A page</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">
<style>a:focus {{ outline: 3px solid #00f }} @media print {{ a {{ display: none }} }}
article pre {{ white-space: pre-wrap }} html {{ background: #fff; color: #111 }}</style>{head}
</head><body><a class="skip-to-content" href="#here">Skip to content</a>
<main id="here"><article><h1>A page</h1><p>Some words.</p>{body}</article></main></body></html>"""
TINY = "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA="
CODE = "<pre>{}</pre>"
# what is broken, and which check says so
BROKEN = {
    "an image without a text": (f'<img src="{TINY}">', "axe.violations", "image-alt"),
    "pale words": ('<p style="color: #ccc">pale</p>', "axe.violations", "color-contrast"),
    "one pale token among many that look alike": (
        CODE.format("<b>same</b> " * 9 + '<b style="color: #ccc">pale</b>' + " <b>same</b>" * 9),
        "axe.violations",
        "color-contrast",
    ),
    "words that look alike on another ground": (
        '<p><b>same</b></p><p style="background: #222"><b>same</b></p>',
        "axe.violations",
        "color-contrast",
    ),
    "pale words like one sign that axe does not judge": (
        CODE.format('<b style="color: #ccc">(</b> <b style="color: #ccc">pale</b>'),
        "axe.violations",
        "color-contrast",
    ),
    "pale words like some that are covered, of which axe can't tell": (
        '<p style="color: #ccc">covered</p><div style="position: absolute; width: 500px; '
        'height: 50px; margin-top: -50px; background: #fff"></div><p style="height: 90px"></p>'
        '<p style="color: #ccc">free</p>',
        "axe.violations",
        ">free<",
    ),
    "words placed freely on another ground": (
        '<div style="position: relative"><div style="background: #222; height: 5em"></div>'
        '<p style="position: absolute; top: 0">placed</p></div>',
        "axe.violations",
        "color-contrast",
    ),
    "pale words that are folded": (
        '<details><summary>More</summary><p style="color: #ccc">pale</p></details>',
        "axe.violations",
        "color-contrast",
    ),
    "a wide box": ('<div style="width: 500px">wide</div>', "sideways", "px on 320 px"),
    "a box too wide at 320 px": ('<p style="width: 340px">wide</p>', "sideways", "340"),
    "a drawing without a name": ("<canvas></canvas>", "names.nameless_drawings", "canvas"),
    "a focus that none sees": (
        '<a href="#here" style="outline: none">quiet</a>',
        "keyboard.lost_stops",
        "no change",
    ),
    "an order of its own": ('<a href="#here" tabindex="3">x</a>', "keyboard.lost_stops", "order"),
    "motion": ('<p style="transition: color 2s">moves</p>', "conditions.moving", "moves"),
    "dark paper": ('<p style="background: #111; color: #fff">n</p>', "conditions.on_paper", "dark"),
    "a cookie": ('<script src="cookie.js"></script>', "policy.cookies", "crumb"),
    "an inline script": ('<p onclick="run()">x</p>', "policy.refused", "script-src-attr"),
    "a script that fails": ('<script src="fails.js"></script>', "went_wrong", "A script fails"),
    "an error on the console": ('<script src="tells.js"></script>', "went_wrong", "oh dear"),
    "a file that is missing": (f'<img src="none.png" alt="{"x" * 20}">', "went_wrong", "404"),
    "a request elsewhere": (
        '<img src="http://127.0.0.1:9/x.png" alt="elsewhere">',
        "policy.refused",
        "img-src",
    ),
}
SCRIPTS = {
    "cookie.js": "document.cookie = 'crumb=1';",
    "fails.js": "throw new Error('broken');",
    "tells.js": "console.error('oh dear');",
}
pytestmark = pytest.mark.xdist_group("checks")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("broken")
    for name, code in SCRIPTS.items():
        (folder / name).write_text(code)
    pages = {"index": "", **{f"{at}": body for at, (body, *_) in enumerate(BROKEN.values())}}
    pages["all"] = "".join(BROKEN[one][0] for one in ("pale words", "a wide box", "motion"))
    for name, body in pages.items():
        (folder / f"{name}.html").write_text(SOUND.format(head="", body=body))
    return folder


@pytest.fixture(scope="module")
def stranger(browser, folder):
    with serving.serve(folder, Sender) as address:
        visitor = visiting.Visitor(browser, address)
        yield visitor
        visitor.context.close()


def sideways(page):
    found = reflow.sideways(page, 390) + reflow.sideways(page, 320)
    page.set_viewport_size({"width": 1280, "height": 900})
    return found


def look(stranger, name):
    stranger.context.clear_cookies()
    stranger.open(f"{name}.html", width=1280, theme="light")
    return stranger.look(
        conditions.moving,
        names.nameless_drawings,
        keyboard.lost_stops,
        conditions.on_paper,
        sideways,
        axe.violations,
    )


def test_nothing_is_wrong_with_a_sound_page(stranger):
    assert look(stranger, "index") == {}


@pytest.mark.parametrize("what", BROKEN)
def test_what_is_broken_is_found(what, stranger):
    found = look(stranger, list(BROKEN).index(what))
    _, check, word = BROKEN[what]
    said = [str(wrong) for name, wrong in found.items() if name.endswith(check)]
    assert said, found
    assert word in said[0]


def test_all_is_said_not_only_the_first(stranger):
    found = {name.rpartition(".")[2] for name in look(stranger, "all")}
    assert found >= {"violations", "sideways", "moving"}


def test_what_jumps_is_measured(stranger, folder):
    late = """setTimeout(() => {
        const box = document.createElement("div");
        box.style.height = "300px";
        document.querySelector("h1").before(box);
    }, 300);"""
    (folder / "late.js").write_text(late)
    head, body = '<script defer src="late.js"></script>', "<p>much</p>" * 200
    (folder / "late.html").write_text(SOUND.format(head=head, body=body))
    page = stranger.open("late.html", width=1280, theme="light", motion="no-preference")
    page.evaluate("document.body.offsetHeight")
    assert conditions.shift(page)[0] > 0.01

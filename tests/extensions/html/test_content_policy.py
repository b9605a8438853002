"""What the browser of a page may load."""

from cnnvis_site.html import content_policy


def test_the_policy_allows_what_stands_in_the_page_and_no_more():
    page = '<script>let a = 1;</script><style>b {}</style><script src="c.js"></script>'
    rules = dict(rule.split(" ", 1) for rule in content_policy.policy(page).split("; "))
    # as `openssl dgst -sha256 -binary | base64` gives it
    assert rules["script-src"].split()[2:] == [
        "'sha256-xY6QKfH9PRsQnLz56nj6MBwiK5oHg+im1Jkpdp1x/Ck='"
    ]
    assert rules["style-src"].split()[2:] == [
        "'sha256-zy87ZYlZV4kMyp51wB+3ABJeEclAGRFupKDmlDS9DAw='"
    ]
    assert rules["default-src"] == "'none'"
    other = content_policy.policy(page.replace("a = 1", "a = 2"))
    assert other != content_policy.policy(page)

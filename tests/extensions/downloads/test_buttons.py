"""The buttons of a tutorial's page, and where its notebook lies on GitHub."""

import pytest
from cnnvis_site.downloads import buttons
from sphinx.errors import ConfigError


@pytest.mark.parametrize(
    "place", ["site", "someone/site", "https://github.com/a/b", "a/b/", "a/b/c/d"]
)
def test_a_branch_that_is_none_is_refused(place, monkeypatch):
    monkeypatch.setenv("CNNVIS_SITE_URL", "https://someone.github.io/site/")
    monkeypatch.setenv("CNNVIS_NOTEBOOKS", place)
    with pytest.raises(ConfigError, match="owner/repository/branch"):
        buttons.colab_branch()

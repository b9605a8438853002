"""What a tutorial writes stays out of the gallery."""


def test_what_a_script_writes_lands_in_the_build_folder(site):
    site.script("writes", 'from pathlib import Path\n_ = Path("stray.txt").write_text("x")')
    assert site.build() is None
    assert [file.name for file in (site.folder / "gallery").iterdir() if "stray" in file.name] == []
    assert len(list((site.docs / "_doctrees").glob("**/stray.txt"))) == 1

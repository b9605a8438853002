"""What a removed script or part leaves: nothing."""

import shutil

from small_site import FIGURE

LINE = FIGURE.format(name="line", description="A line.", caption=None)


def test_a_removed_script_leaves_no_page_and_nothing_of_another(site):
    site.script("none", LINE)
    site.script("none_more", LINE.replace('"line"', '"more"'), title="More")
    site.build()
    (site.folder / "gallery" / "plot_none.py").unlink()
    assert site.build() is None
    left = [file.name for file in (site.docs / "tutorials").glob("**/*plot_none*")]
    assert left
    assert all("plot_none_more" in name for name in left)


def test_a_removed_part_is_forgotten(site):
    site.write("docs/index.rst", "Home\n====\n\n.. toctree::\n\n   tutorials/index\n")
    for part in ("one", "two"):
        site.write(f"gallery/{part}/GALLERY_HEADER.rst", f"{part}\n===\n")
        site.write(
            f"gallery/{part}/plot_{part}.py", f'"""\nIn {part}\n======\n\nWhat.\n"""\nx = 1\n'
        )
    assert site.build() is None
    shutil.rmtree(site.folder / "gallery" / "two")
    assert site.build() is None
    assert not (site.docs / "tutorials" / "two").exists()
    assert (site.docs / "tutorials" / "one" / "plot_one.rst").exists()

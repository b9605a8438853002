"""Rescaling, tiling and diagnosing hold for any maps, and change none of them."""

import copy
import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from cnnvis.arrays import as_array, as_maps, diagnose, grid_shape, limits, mosaic, rescale

pytestmark = pytest.mark.filterwarnings("error")
fast = settings(max_examples=60, deadline=None, derandomize=True, database=None)
SCALES = ["map", "layer"]
NAN, INF = math.nan, math.inf


def tensors_of_every_kind():
    values = torch.tensor([[[0.0, 1.0, 2.0], [3.0, 0.0, 1.0]], [[0.0] * 3] * 2])
    kinds = (torch.float16, torch.bfloat16, torch.float32, torch.float64, torch.uint8, torch.int64)
    return [values.to(kind) for kind in kinds]


def elements(width=32, special=True):
    usual = st.floats(-1e6, 1e6, width=width)
    return usual | st.sampled_from([NAN, INF, -INF, 0.0, -0.0]) if special else usual


@st.composite
def stacks(draw, most=40, special=True):
    """Maps of any number and shape, with NaN, infinities, constant and all-zero ones among them."""
    dtype = draw(st.sampled_from([np.float32, np.float64]))
    shape = draw(st.tuples(st.integers(1, most), st.integers(1, 7), st.integers(1, 7)))
    width = np.dtype(dtype).itemsize * 8
    maps = draw(hnp.arrays(dtype, shape, elements=elements(width, special), fill=st.just(0)))
    if draw(st.booleans()):
        maps[draw(st.integers(0, shape[0] - 1))] = draw(elements(width, special))
    return maps


# mosaic


def cells(count, height, width, *, columns=None, gap=1):
    """Where each map should stand: slices of rows and columns, worked out one by one."""
    columns = min(columns or next(n for n in range(1, count + 1) if n * n >= count), count)
    down, across = gap if isinstance(gap, tuple) else (gap, gap)
    places = []
    for at in range(count):
        top, left = at // columns * (height + down), at % columns * (width + across)
        places.append((slice(top, top + height), slice(left, left + width)))
    return places, columns, -(-count // columns)


def check_mosaic(maps, tiles, fill=NAN, **options):
    places, columns, rows = cells(*maps.shape[:3], **options)
    down, across = np.broadcast_to(options.get("gap", 1), 2)
    height, width = maps.shape[1:3]
    assert tiles.shape[:2] == (
        rows * (height + down) - down,
        columns * (width + across) - across,
    )
    rest = np.ones(tiles.shape[:2], dtype=bool)
    for one, place in zip(maps, places, strict=True):
        np.testing.assert_array_equal(tiles[place], one)
        rest[place] = False
    np.testing.assert_array_equal(tiles[rest], np.full_like(tiles[rest], fill))


@fast
@given(
    stacks(),
    st.none() | st.integers(1, 50),
    st.integers(0, 4) | st.tuples(st.integers(0, 4), st.integers(0, 4)),
    st.sampled_from([NAN, 0.0, -1.5]),
)
def test_every_map_stands_in_its_place_and_the_rest_is_blank(maps, columns, gap, fill):
    before = maps.copy()
    tiles = mosaic(maps, columns=columns, gap=gap, fill=fill)
    check_mosaic(maps, tiles, fill, columns=columns, gap=gap)
    assert tiles.dtype == maps.dtype
    np.testing.assert_array_equal(maps, before)


@pytest.mark.parametrize("count", [1, 2, 3, 5, 12, 64, 511, 512, 513])
@pytest.mark.parametrize("shape", [(1, 1), (7, 3), (2, 9)])
def test_1_to_513_maps_of_odd_shapes(count, shape):
    maps = np.random.default_rng(0).normal(size=(count, *shape))
    check_mosaic(maps, mosaic(maps))
    check_mosaic(maps, mosaic(torch.from_numpy(maps)))


@pytest.mark.parametrize("maps", tensors_of_every_kind(), ids=lambda one: str(one.dtype))
def test_spare_cells_are_nan_whatever_the_type_of_the_maps(maps):
    tiles = mosaic(torch.cat([maps, maps])[:3])
    assert tiles.dtype == (torch.float64 if maps.dtype == torch.float64 else torch.float32)
    assert tiles[-1, -1].isnan()
    assert tiles[2].isnan().all()
    assert torch.equal(tiles[:2, :3], maps[0].to(tiles.dtype))


def test_colour_images_keep_their_channels_last():
    images = np.random.default_rng(0).random((5, 3, 4, 2)).astype(np.float32)
    tiles = mosaic(images, columns=2, gap=(3, 1))
    assert tiles.shape == (3 * 4 + 2 * 3, 2 * 2 + 1, 3)
    check_mosaic(np.moveaxis(images, 1, -1), tiles, columns=2, gap=(3, 1))


def test_the_default_is_roughly_square():
    assert [grid_shape(count) for count in (1, 2, 3, 4, 5, 9, 10, 12, 513)] == [
        (1, 1),
        (2, 1),
        (2, 2),
        (2, 2),
        (3, 2),
        (3, 3),
        (4, 3),
        (4, 3),
        (23, 23),
    ]
    assert grid_shape(3, 10) == (3, 1)
    assert grid_shape(10, 4) == (4, 3)


@fast
@given(st.lists(st.tuples(st.integers(1, 6), st.integers(1, 6)), min_size=1, max_size=20))
def test_maps_of_differing_sizes_stand_in_the_middle_of_their_cells(shapes):
    maps = [np.full(shape, at + 1.0) for at, shape in enumerate(shapes)]
    before = copy.deepcopy(maps)
    tiles = mosaic(maps, gap=2)
    height, width = max(h for h, _ in shapes), max(w for _, w in shapes)
    places, *_ = cells(len(maps), height, width, gap=2)
    for at, ((h, w), place) in enumerate(zip(shapes, places, strict=True)):
        found = np.argwhere(tiles[place] == at + 1)
        top, left = found.min(axis=0)
        assert len(found) == h * w
        assert tuple(np.ptp(found, axis=0) + 1) == (h, w)
        assert abs(top - (height - h - top)) <= 1
        assert abs(left - (width - w - left)) <= 1
        assert np.isnan(tiles[place]).sum() == height * width - h * w
    assert np.isfinite(tiles).sum() == sum(h * w for h, w in shapes)
    for one, other in zip(maps, before, strict=True):
        np.testing.assert_array_equal(one, other)


def test_lists_may_mix_tensors_arrays_and_types():
    maps = [torch.ones(2, 2, dtype=torch.bfloat16), np.full((1, 2), 7), torch.tensor([[True]])]
    tiles = mosaic(maps, columns=3, gap=0)
    np.testing.assert_array_equal(tiles, [[1, 1, 7, 7, 1, NAN], [1, 1, NAN, NAN, NAN, NAN]])
    assert isinstance(tiles, torch.Tensor)
    assert isinstance(mosaic(maps[1:]), np.ndarray)


def test_the_margins_of_smaller_maps_are_filled_too():
    tiles = mosaic([np.zeros((3, 3)), np.ones((1, 1))], fill=5)
    assert tiles[:, 4:].tolist() == [[5, 5, 5], [5, 1, 5], [5, 5, 5]]


def test_a_mosaic_is_no_view_of_the_maps():
    maps = np.zeros((1, 2, 2), dtype=np.float32)
    mosaic(maps)[:] = 5
    assert not maps.any()


@pytest.mark.parametrize(
    ("maps", "options", "message"),
    [
        (np.zeros((2, 2)), {}, r"mosaic takes maps .*got the shape \(2, 2\)"),
        (np.zeros((2, 4, 5, 5)), {}, r"got the shape \(2, 4, 5, 5\).*maps\[0\]"),
        (np.zeros((0, 5, 5)), {}, r"at least one value; got the shape \(0, 5, 5\)"),
        (np.zeros((2, 0, 5)), {}, r"at least one value; got the shape \(2, 0, 5\)"),
        ([], {}, r"at least one map.*got \[\]"),
        ([np.zeros((2, 2, 2))], {}, r"each of shape \(H, W\); got \[\(2, 2, 2\)\]"),
        ([np.zeros((2, 0))], {}, "at least one map"),
        (np.zeros((2, 2, 2)), {"columns": 0}, "columns must be 1 or more; got 0.*None"),
        (np.zeros((2, 2, 2)), {"columns": -3}, "columns must be 1 or more; got -3"),
        (np.zeros((2, 2, 2)), {"gap": -1}, "gap must be 0 or more pixels; got -1"),
        (np.zeros((2, 2, 2)), {"gap": (1, -1)}, r"gap must be 0 or more pixels; got \(1, -1\)"),
        (np.zeros((2, 2, 2)), {"gap": (1, 2, 3)}, r"gap must .*got \(1, 2, 3\)"),
    ],
)
def test_a_mosaic_that_cannot_be(maps, options, message):
    with pytest.raises(ValueError, match=message):
        mosaic(maps, **options)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"gap": 1.5}, r"gap must .*got 1\.5"),
        ({"gap": "wide"}, "gap must .*got wide"),
        ({"columns": 2.0}, r"columns must be a whole number; got 2\.0"),
        ({"columns": "two"}, "columns must be a whole number; got 'two'"),
    ],
)
def test_what_counts_no_pixels_and_no_columns(options, message):
    with pytest.raises(TypeError, match=message):
        mosaic(np.zeros((2, 2, 2)), **options)


@pytest.mark.parametrize("gap", [np.int64(2), (np.int64(2), np.int32(2)), [2, 2]])
def test_a_gap_may_come_from_numpy(gap):
    assert mosaic(np.zeros((4, 3, 3)), gap=gap).shape == (8, 8)


# rescale


@fast
@given(stacks(), st.sampled_from(SCALES), st.booleans())
def test_rescaled_values_fill_the_range_and_keep_their_order(maps, scale, signed):
    before = maps.copy()
    scaled = rescale(maps, scale=scale, signed=signed)
    np.testing.assert_array_equal(maps, before)
    assert scaled.shape == maps.shape
    assert scaled.dtype == maps.dtype
    finite = np.isfinite(maps)
    np.testing.assert_array_equal(np.isfinite(scaled), finite)
    assert not np.isinf(scaled).any()
    groups = zip(maps, scaled, strict=True) if scale == "map" else [(maps, scaled)]
    for old, new in groups:
        check_range(old[np.isfinite(old)], new[np.isfinite(old)], signed)


def check_range(old, new, signed):
    if not len(old):
        return
    assert new.min() >= (-1 if signed else 0)
    assert new.max() <= 1
    order = np.argsort(old, kind="stable")
    assert (np.diff(new[order]) >= 0).all()
    if signed:
        assert (new[old == 0] == 0).all()
        assert (np.sign(new) * np.sign(old) >= 0).all()
        assert np.abs(new).max() == (1 if old.any() else 0)
    elif np.ptp(old) > 0:
        assert (new.min(), new.max()) == (0, 1)
    else:
        assert not new.any()


def test_what_shares_a_range():
    maps = np.array([[[0.0, 1.0]], [[0.0, 4.0]]])
    assert rescale(maps, scale="map").max(axis=(1, 2)).tolist() == [1, 1]
    assert rescale(maps, scale="layer").max(axis=(1, 2)).tolist() == [0.25, 1]
    assert rescale(maps, scale=(0, 8)).max(axis=(1, 2)).tolist() == [0.125, 0.5]
    np.testing.assert_array_equal(rescale(maps), rescale(maps, scale="layer"))


def test_signed_maps_are_divided_by_the_largest_magnitude():
    maps = np.array([[[-4.0, 0.0, 2.0]], [[0.0, 0.5, 1.0]]])
    assert rescale(maps, signed=True, scale="map").tolist() == [[[-1, 0, 0.5]], [[0, 0.5, 1]]]
    assert rescale(maps, signed=True).tolist() == [[[-1, 0, 0.5]], [[0, 0.125, 0.25]]]
    assert rescale(maps, signed=True, scale=(-1, 8))[0].tolist() == [[-0.5, 0, 0.25]]
    assert rescale(maps, scale="map").tolist() == [[[0, 4 / 6, 1]], [[0, 0.5, 1]]]


@fast
@given(st.lists(stacks(most=4), min_size=1, max_size=4), st.booleans())
def test_layers_that_are_given_one_pair_share_one_range(layers, signed):
    old = np.concatenate([one.ravel() for one in layers]).astype(np.float32)
    finite = np.isfinite(old)
    pair = (old[finite].min(), old[finite].max()) if finite.any() else (0, 1)
    new = np.concatenate([rescale(one, scale=pair, signed=signed).ravel() for one in layers])
    assert (np.isfinite(new) == finite).all()
    if finite.any():
        rounding = 1e-5
        assert new[finite].min() >= (-1 if signed else 0)
        assert new[finite].max() <= 1
        if np.ptp(old[finite]) > 1:
            assert np.abs(new[finite]).max() == pytest.approx(1)
            values, scaled = old[finite].astype(float), new[finite]
            start, end = (0, np.abs(values).max()) if signed else pair
            np.testing.assert_allclose(scaled, (values - start) / (end - start), atol=rounding)


def test_values_beyond_a_pair_are_cut_off():
    maps = np.array([[[-2.0, 0.0, 1.0, 5.0, INF, NAN]]])
    expected = [[[0, 0, 0.25, 1, NAN, NAN]]]
    np.testing.assert_array_equal(rescale(maps, scale=(0, 4)), expected)
    expected = [[[-0.5, 0, 0.25, 1, NAN, NAN]]]
    np.testing.assert_array_equal(rescale(maps, scale=(0, 4), signed=True), expected)


@pytest.mark.parametrize("function", [rescale, mosaic])
def test_tensors_in_tensors_out(function):
    maps = torch.rand(3, 4, 5, requires_grad=True)
    result = function(maps)
    assert isinstance(result, torch.Tensor)
    assert not result.requires_grad
    array = function(maps.detach().numpy())
    assert isinstance(array, np.ndarray)
    np.testing.assert_array_equal(result.numpy(), array)
    assert isinstance(mosaic(list(maps)), torch.Tensor)


@pytest.mark.parametrize("maps", tensors_of_every_kind(), ids=lambda one: str(one.dtype))
def test_every_type_of_tensor_is_rescaled_and_left_alone(maps):
    before = maps.clone()
    scaled = rescale(maps)
    assert (scaled.min(), scaled.max()) == (0, 1)
    assert scaled[0, 0, 1].item() == pytest.approx(1 / 3)
    assert not scaled[1].any()
    assert torch.equal(maps, before)
    assert scaled.dtype == (torch.float64 if maps.dtype == torch.float64 else torch.float32)


def test_rescaled_maps_are_no_view():
    maps = np.array([[[0.0, 1.0]]], dtype=np.float32)
    rescale(maps)[:] = 7
    assert maps.max() == 1


@pytest.mark.parametrize("function", [rescale, limits])
@pytest.mark.parametrize(
    ("scale", "error"),
    [
        ("maps", ValueError),
        ("all", ValueError),
        ("", ValueError),
        ((1.0, 0.0), ValueError),
        ((NAN, 1.0), ValueError),
        ((0.0, INF), ValueError),
        ((0.0,), ValueError),
        (("low", "high"), ValueError),
        (None, TypeError),
        (1, TypeError),
    ],
)
def test_an_unknown_scale(function, scale, error):
    with pytest.raises(error, match=r'scale must be "map", "layer" or two numbers, .*; got'):
        function(np.zeros((1, 2, 2)), scale=scale)


# limits


@fast
@given(stacks(), st.sampled_from(SCALES), st.booleans())
def test_limits_are_those_of_the_finite_values(maps, scale, signed):
    low, high = limits(maps, scale=scale, signed=signed)
    assert low.shape == high.shape == (len(maps),)
    for at, one in enumerate(maps):
        group = one if scale == "map" else maps
        values = group[np.isfinite(group)]
        lowest, highest = (values.min(), values.max()) if len(values) else (0, 0)
        if signed:
            highest = max(abs(lowest), abs(highest))
            lowest = -highest
        assert (low[at], high[at]) == (lowest, highest)


def test_maps_without_a_finite_value_have_an_empty_range():
    maps = np.array([[[NAN, INF]], [[1.0, 3.0]]])
    assert limits(maps, scale="map").tolist() == [[0, 1], [0, 3]]
    assert limits(maps, scale="layer").tolist() == [[1, 1], [3, 3]]
    assert limits(maps[:1], signed=True).tolist() == [[0], [0]]
    assert limits(maps, scale=(-1, 4)).tolist() == [[-1, -1], [4, 4]]


# diagnose


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ([1, 2, 1, 1], ""),
        ([0, 0, 0, 1e-30], ""),
        ([0, 0, 0, 0], "zero"),
        ([-0.0, 0, 0, 0], "zero"),
        ([3, 3, 3, 3], "constant"),
        ([-1e-30] * 4, "constant"),
        ([1, NAN, 2, 3], "NaN"),
        ([0, 0, INF, 0], "NaN"),
        ([-INF] * 4, "NaN"),
        ([NAN] * 4, "NaN"),
    ],
)
def test_what_is_wrong_with_a_map(values, word):
    maps = np.array(values, dtype=np.float64).reshape(1, 2, 2)
    assert diagnose(maps) == [word]
    assert diagnose(torch.from_numpy(maps)[None]) == [word]


def test_a_single_pixel_is_never_constant():
    assert diagnose(np.array([5.0, 0.0, NAN]).reshape(3, 1, 1)) == ["", "zero", "NaN"]


@fast
@given(stacks())
def test_each_map_is_told_apart_on_its_own(maps):
    assert diagnose(maps) == [word for one in maps for word in diagnose(one[None])]
    blank = [bool(word) for word in diagnose(maps)]
    scaled = rescale(maps, scale="map")
    for one, is_blank in zip(scaled, blank, strict=True):
        assert is_blank or one.size == 1 or np.ptp(one) > 0


def test_513_channels_of_every_kind():
    maps = np.random.default_rng(0).normal(size=(513, 3, 5))
    maps[7], maps[100], maps[512], maps[3, 1, 1] = 0, 2, INF, NAN
    words = diagnose(maps)
    assert {at: word for at, word in enumerate(words) if word} == {
        3: "NaN",
        7: "zero",
        100: "constant",
        512: "NaN",
    }


@pytest.mark.parametrize(
    ("maps", "word"),
    [
        (torch.zeros(1, 2, 2, dtype=torch.bool), "zero"),
        (torch.ones(1, 2, 2, dtype=torch.bool), "constant"),
        (torch.ones(1, 2, 2, dtype=torch.int32), "constant"),
        (torch.tensor([[[0, 1]]]).half(), ""),
    ],
)
def test_diagnose_takes_any_real_type(maps, word):
    assert diagnose(maps) == [word]


# as_array and as_maps


def test_arrays_keep_their_values_and_floats_their_width():
    assert as_array(torch.ones(2, dtype=torch.float64)).dtype == np.float64
    assert as_array(np.ones(2, dtype=np.float16)).dtype == np.float32
    assert as_array(torch.tensor([1.5, -2.0]).bfloat16()).tolist() == [1.5, -2.0]
    assert as_array(np.array([True, False])).tolist() == [1, 0]
    assert as_array(torch.tensor(3)).shape == ()


def test_tensors_may_need_gradients_or_be_views():
    maps = torch.rand(2, 3, 4, requires_grad=True)
    np.testing.assert_array_equal(as_array(maps.transpose(0, 2)), maps.detach().numpy().T)
    np.testing.assert_array_equal(as_array(torch.eye(3).to_sparse()), np.eye(3))


@pytest.mark.parametrize(
    "values",
    [
        [[1.0]],
        "maps",
        None,
        torch.ones(1, dtype=torch.complex64),
        np.ones(1, dtype=complex),
        np.array(["a"]),
        np.array([None]),
    ],
)
@pytest.mark.parametrize("function", [as_array, as_maps, diagnose, limits])
def test_what_holds_no_real_numbers(function, values):
    with pytest.raises(
        TypeError, match="maps must be a tensor or NumPy array of real numbers; got"
    ):
        function(values)


@pytest.mark.parametrize("function", [rescale, mosaic])
@pytest.mark.parametrize("values", ["maps", None, 3, [[1.0]], [None], np.array(["a"])])
def test_images_of_what_holds_no_real_numbers(function, values):
    with pytest.raises(TypeError, match="tensor or NumPy array of real numbers; got"):
        function(values)


@pytest.mark.parametrize(
    ("shape", "hint"),
    [
        ((4, 5), r"got \(4, 5\)\. For a single map use maps\[None\]"),
        ((2, 3, 4, 5), r"got \(2, 3, 4, 5\)\. Choose one image with maps\[0\]"),
        ((10,), r"got \(10,\)\. .*linear layers don't"),
        ((1, 2, 3, 4, 5), r"got \(1, 2, 3, 4, 5\)"),
        ((), r"got \(\)"),
        ((0, 4, 4), r"at least one value; got the shape \(0, 4, 4\)"),
        ((3, 0, 4), "at least one value"),
        ((1, 0, 4, 4), "at least one value"),
    ],
)
@pytest.mark.parametrize("function", [as_maps, rescale, limits, diagnose])
def test_maps_of_a_wrong_shape(function, shape, hint):
    with pytest.raises(ValueError, match=hint):
        function(torch.zeros(shape))


def test_one_image_of_a_batch_is_taken_as_it_is():
    maps = torch.rand(1, 3, 4, 5)
    np.testing.assert_array_equal(as_maps(maps), maps[0].numpy())
    assert rescale(maps).shape == (3, 4, 5)

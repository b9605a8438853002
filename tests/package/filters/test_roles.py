"""Planted kernels are named, with their angle; random ones hardly ever."""

import numpy as np
import pytest
import torch
from torch import nn

from cnnvis.filters.ideal_kernels import KINDS, PixelGrid
from cnnvis.filters.roles import Role, RoleTable, derivative_orders, filter_roles
from cnnvis.filters.tuning import filter_responses
from cnnvis.models.architectures import SmallCNN

SOBEL = np.array([[1.0, 2, 1], [0, 0, 0], [-1, -2, -1]])  # bright above
KNOWN = {
    "prewitt": ([[1, 1, 1], [0, 0, 0], [-1, -1, -1]], "edge 0°"),
    "sobel": (SOBEL, "edge 0°"),
    "diagonal sobel": ([[0, 1, 2], [-1, 0, 1], [-2, -1, 0]], "edge 135°"),
    "one-sided difference": ([[-1, 1, 0], [-1, 1, 0], [-1, 1, 0]], "edge 90°"),
    "central difference": ([[0, 0, 0], [-1, 0, 1], [0, 0, 0]], "edge 90°"),
    "vertical line": ([[-1, 2, -1], [-1, 2, -1], [-1, 2, -1]], "line 90°"),
    "dark line": ([[1, 1, 1], [-2, -2, -2], [1, 1, 1]], "dark line 0°"),
    "diagonal line": ([[2, -1, -1], [-1, 2, -1], [-1, -1, 2]], "line 135°"),
    "laplacian": ([[0, 1, 0], [1, -4, 1], [0, 1, 0]], "dark spot"),
    "laplacian of eight": ([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]], "spot"),
    "box": ([[1, 1, 1], [1, 1, 1], [1, 1, 1]], "blur"),
    "binomial": ([[1, 2, 1], [2, 4, 2], [1, 2, 1]], "blur"),
    "blur down": ([[0, 1, 0], [0, 1, 0], [0, 1, 0]], "blur 90°"),
    "mixed derivative": ([[-1, 0, 1], [0, 0, 0], [1, 0, -1]], "saddle 45°"),
    "its negative": ([[1, 0, -1], [0, 0, 0], [-1, 0, 1]], "saddle 135°"),
    "corner": ([[5, 5, -4], [5, 5, -4], [-4, -4, -4]], "corner 135°"),
    "dark corner": ([[4, 4, 4], [4, -5, -5], [4, -5, -5]], "dark corner 315°"),
    "no name": ([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], "none"),
}
FAINT = ("no name", "central difference")  # the latter is only just an edge


def weight(*kernels):
    return torch.tensor(np.array(kernels, dtype=float))[:, None]


def noise(count, size, seed=1):
    return np.random.default_rng(seed).standard_normal((count, 1, size, size))


def with_noise(kernels, share, seed=2):
    """Kernels of which ``share`` of the energy is noise."""
    extra = noise(len(kernels), kernels.shape[-1], seed)
    parts = [one / np.linalg.norm(one, axis=(2, 3), keepdims=True) for one in (kernels, extra)]
    return np.sqrt(1 - share) * parts[0] + np.sqrt(share) * parts[1]


def gabors(size, count=60):
    rng, grid = np.random.default_rng(3), PixelGrid(size, size)
    angles = rng.uniform(0, 180, count)
    kernels = []
    for angle in angles:
        frequency, phase = rng.uniform(1.5 / size, 0.4), rng.uniform(0, 2 * np.pi)
        wide = size / rng.uniform(2.5, 5)

        def drawn(s, t, frequency=frequency, phase=phase, wide=wide):
            gaussian = np.exp(-(s**2 + t**2) / (2 * wide**2))
            return np.cos(2 * np.pi * frequency * s - phase) * gaussian

        kernels.append(grid.draw(angle, drawn).reshape(1, size, size))
    return np.array(kernels), angles


def off(found, true, period=180):
    return np.abs((np.asarray(found) - true + period / 2) % period - period / 2)


# Which name it gives


@pytest.mark.parametrize("name", KNOWN)
def test_known_kernels_are_named(name):
    kernel, expected = KNOWN[name]
    (role,) = filter_roles(weight(kernel))
    assert str(role) == expected
    assert (role.fit > 0.9) == (expected != "none")
    assert role.fit > role.needed or expected == "none"


def test_sobels_of_every_angle_are_edges_of_that_angle():
    angles = np.arange(0, 180, 4.0)
    turns = np.radians(angles)
    kernels = [np.cos(turn) * SOBEL + np.sin(turn) * SOBEL.T for turn in turns]
    roles = filter_roles(weight(*kernels))
    assert {role.kind for role in roles} == {"edge"}
    # 178° is as near to 0° as to 176°, and there it is bright on the other side.
    right_way = [role.phase == 90 or off(role.angle, 0) < 4 for role in roles]
    assert all(right_way)
    assert off([role.angle for role in roles], angles).max() < 6


@pytest.mark.parametrize("size", [5, 7, 8])
def test_gabors_are_found_with_their_angle_under_noise(size):
    kernels, angles = gabors(size)
    roles = filter_roles(with_noise(kernels, 0.1))
    found = np.array([role.kind == "gabor" for role in roles])
    assert found.mean() > 0.85
    error = off([role.angle for role in roles if role.kind == "gabor"], angles[found])
    assert np.median(error) < 6


@pytest.mark.parametrize("name", [name for name in KNOWN if name not in FAINT])
def test_names_survive_a_little_noise(name):
    kernels = np.repeat(weight(KNOWN[name][0]).numpy(), 100, axis=0)
    kind = KNOWN[name][1].removeprefix("dark ").split()[0]
    roles = filter_roles(with_noise(kernels, 0.05))
    assert np.mean([role.kind == kind for role in roles]) > 0.85


@pytest.mark.parametrize("shape", [(3, 3), (3, 5), (4, 4), (5, 5), (7, 7)])
def test_random_kernels_seldom_get_a_name(shape):
    random = np.random.default_rng(9).standard_normal((3000, 1, *shape))
    named = 1 - filter_roles(random).shares()["none"]
    assert named < 0.065
    if shape == (3, 3):
        assert named > 0.035


def test_untrained_networks_get_few_names():
    torch.manual_seed(5)
    kernels = SmallCNN(widths=(16, 64, 32)).conv2.weight.detach().flatten(0, 1)[:, None]
    assert 1 - filter_roles(kernels).shares()["none"] < 0.1


# What doesn't matter, and what does


def test_length_and_dtype_do_not_matter():
    kernels = np.concatenate([noise(40, 3), weight(*(one for one, _ in KNOWN.values()))])
    plain = filter_roles(kernels)
    for other in (kernels * 1e-30, torch.tensor(kernels * 1e30)):
        roles = filter_roles(other)
        assert [str(role) for role in roles] == [str(role) for role in plain]
        np.testing.assert_allclose([role.fit for role in roles], [role.fit for role in plain])
    half = filter_roles(torch.tensor(kernels).bfloat16())
    assert np.mean([a.kind == b.kind for a, b in zip(half, plain, strict=True)]) > 0.95


def test_the_negative_has_the_same_role_the_other_way_round():
    kernels = weight(*(one for one, _ in KNOWN.values()))
    for role, other in zip(filter_roles(kernels), filter_roles(-kernels), strict=True):
        assert role.kind == other.kind
        assert role.fit == pytest.approx(other.fit)
        if role.kind == "saddle":
            assert off(role.angle, other.angle) == 90
        elif role.kind != "none":
            assert role.angle == other.angle
            assert off(role.phase, other.phase, 360) == 180


def test_turning_a_kernel_turns_its_angle():
    kernels = [one for one, _ in KNOWN.values()]
    before = filter_roles(weight(*kernels))
    after = filter_roles(weight(*(np.rot90(one) for one in kernels)))
    for role, turned in zip(before, after, strict=True):
        assert role.kind == turned.kind
        assert role.fit == pytest.approx(turned.fit)
        if role.angle is not None:
            period = 360 if role.kind == "corner" else 180
            assert off(turned.angle, role.angle + 90, period) == pytest.approx(0, abs=1e-6)


def test_phase_says_which_side_is_bright():
    above, left = filter_roles(weight(SOBEL, SOBEL.T))
    assert (above.angle, above.phase) == (0, 90)
    assert (left.angle, left.phase) == (90, 90)
    below, right = filter_roles(weight(-SOBEL, -SOBEL.T))
    assert (below.phase, right.phase) == (-90, -90)


def test_orders_of_the_kinds():
    orders = {
        str(r).split()[0]: r.order for r in filter_roles(weight(*(k for k, _ in KNOWN.values())))
    }
    assert orders["edge"] == 1
    assert orders["line"] == orders["spot"] == orders["saddle"] == 2
    assert orders["blur"] == 0
    assert orders["corner"] is orders["none"] is None


def test_fits_are_those_of_every_kind():
    (role,) = filter_roles(weight(SOBEL))
    assert tuple(role.fits) == KINDS[:-1]
    assert role.fits["edge"] == role.fit
    assert role.runner_up == "corner"
    assert all(0 <= fit <= 1 for fit in role.fits.values())
    (wide,) = filter_roles(noise(1, 5))
    assert tuple(wide.fits) == KINDS


# Several input channels


def test_one_pattern_over_all_channels_is_found_with_its_share():
    kernels = np.array([2.0, -1, 0.5])[:, None, None] * SOBEL
    (role,) = filter_roles(kernels[None])
    assert (str(role), role.phase) == ("edge 0°", 90)
    assert role.share == pytest.approx(1)
    (noisy,) = filter_roles(kernels[None] + noise(3, 3).reshape(1, 3, 3, 3) * 0.3)
    assert noisy.kind == "edge"
    assert 0.7 < noisy.share < 1


def test_random_filters_of_many_channels_seldom_get_a_name():
    random = np.random.default_rng(4).standard_normal((2000, 16, 3, 3))
    assert filter_roles(random).shares()["none"] > 0.935


# Odd cases


def test_zero_filters_are_called_so():
    roles = filter_roles(weight(SOBEL, np.zeros((3, 3))))
    assert [role.kind for role in roles] == ["edge", "zero"]
    assert roles[1].fit == roles[1].share == 0
    assert roles[1].angle is None
    assert roles.shares() == {"edge": 0.5, "zero": 0.5}


MEASURES = (filter_roles, derivative_orders, filter_responses)


def broken(at, value):
    kernels = noise(3, 3)
    kernels[at, 0, 2, 2] = value
    return kernels


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize(
    ("filters", "error", "message"),
    [
        ([[1.0]], TypeError, "kernels must be a tensor"),
        (torch.zeros(2, 1, 3, 3, dtype=torch.complex64), TypeError, "real numbers"),
        (nn.ReLU(), ValueError, r"only convolutions.*ReLU"),
        (nn.Linear(3, 3), ValueError, r"only convolutions.*Linear"),
        (torch.zeros(3, 3), ValueError, r"must have the shape \(filters, .*height"),
        (torch.zeros(0, 1, 3, 3), ValueError, r"must have the shape \(filters, .*height"),
        (torch.zeros(4, 1, 1, 1), ValueError, "at least 3 high and 3 wide"),
        (torch.zeros(4, 1, 2, 5), ValueError, "at least 3 high and 3 wide"),
        (broken(1, np.nan), ValueError, "filter 1 holds NaN or infinity"),
        (broken(2, np.inf), ValueError, "filter 2 holds NaN or infinity"),
    ],
)
def test_what_are_no_filters(measure, filters, error, message):
    with pytest.raises(error, match=message):
        measure(filters)


@pytest.mark.parametrize("measure", [filter_roles, derivative_orders])
def test_filters_of_a_transposed_convolution_are_counted_by_what_they_put_out(measure):
    layer = nn.ConvTranspose2d(2, 5, 3)
    assert len(measure(layer)) == 5
    layer.weight.data[0, 3, 1, 1] = torch.nan
    with pytest.raises(ValueError, match="filter 3 holds NaN"):
        measure(layer)


def test_a_layer_and_its_weight_are_the_same():
    layer = nn.Conv2d(3, 4, 3)
    assert list(filter_roles(layer)) == list(filter_roles(layer.weight))
    other = nn.ConvTranspose2d(4, 3, 3)
    with torch.no_grad():
        other.weight.copy_(layer.weight.transpose(0, 1).transpose(0, 1))
    assert len(filter_roles(other)) == 3


def test_nothing_is_changed():
    kernels = torch.randn(4, 2, 3, 3, requires_grad=True)
    copy, state = kernels.detach().clone(), torch.get_rng_state()
    filter_roles(kernels)
    assert torch.equal(kernels, copy)
    assert torch.equal(torch.get_rng_state(), state)


# The table


def test_the_table_prints_and_can_be_sliced():
    roles = filter_roles(weight(SOBEL, *(one for one, _ in KNOWN.values())))
    assert isinstance(roles[:2], RoleTable)
    assert isinstance(roles[0], Role)
    first = repr(roles).splitlines()[2].split()
    assert first[:4] == ["edge", "0°", "90°", "1"]
    assert '<th scope="row">edge</th>' in roles._repr_html_()
    assert sum(roles.shares().values()) == pytest.approx(1)


# Derivative orders


def test_orders_of_polynomials():
    line = [[-1, 2, -1]] * 3
    orders = derivative_orders(
        weight(np.ones((3, 3)), KNOWN["prewitt"][0], line, KNOWN["no name"][0])
    )
    expected = np.zeros((4, 5))
    expected[range(4), [0, 1, 2, 4]] = 1
    np.testing.assert_allclose(orders, expected, atol=1e-12)
    # Sobel's (1, 2, 1) is 8/9 even and 1/9 a second derivative along the edge.
    np.testing.assert_allclose(
        derivative_orders(weight(SOBEL))[0], [0, 8 / 9, 0, 1 / 9, 0], atol=1e-12
    )


@pytest.mark.parametrize(
    ("shape", "expected"), [((3, 3), [1, 2, 3, 2, 1]), ((3, 4), [1, 2, 3, 3, 2, 1])]
)
def test_orders_of_random_kernels_follow_their_number(shape, expected):
    random = np.random.default_rng(6).standard_normal((4000, 2, *shape))
    orders = derivative_orders(random)
    np.testing.assert_allclose(orders.sum(axis=1), 1)
    np.testing.assert_allclose(orders.mean(axis=0), np.array(expected) / sum(expected), atol=0.01)


def test_orders_are_a_tensor_whatever_they_are_measured_of():
    kernels = noise(3, 3)
    orders = derivative_orders(kernels)
    assert isinstance(orders, torch.Tensor)
    assert orders.dtype == torch.float64
    layer = nn.Conv2d(1, 3, 3)
    layer.weight.data = torch.tensor(kernels)
    assert torch.equal(derivative_orders(layer), orders)


def test_orders_of_zero_filters_are_zero():
    assert not derivative_orders(torch.zeros(1, 2, 3, 3)).any()

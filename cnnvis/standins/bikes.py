"""Bicycles and motorcycles, built of tubes, rings and slabs."""

import numpy as np

from cnnvis.standins.shapes import (
    Colour,
    Shape,
    around,
    disc,
    flat,
    lighter,
    mix,
    ring,
    rounded,
    slab,
    stroke,
    tube,
)

_CHROME = (190, 194, 200)


def bike(random: np.random.Generator, colour: Colour, trim: Colour) -> list[Shape]:
    """A bicycle or a motorcycle of random make."""
    makers = (bicycle, bicycle, motorcycle, motorcycle, scooter)
    return makers[random.integers(len(makers))](random, colour, trim)


# Bicycles.


def bicycle(random: np.random.Generator, colour: Colour, trim: Colour) -> list[Shape]:
    """A bicycle: racing, town, mountain, folding, or a tandem."""
    kind = random.choice(["racer", "town", "town", "mountain", "folding", "tandem"])
    radius = {"folding": 0.25, "mountain": 0.36}.get(kind, 0.345) * random.uniform(0.95, 1.05)
    tyre = {"racer": 0.03, "mountain": 0.065}.get(kind, 0.045) * random.uniform(0.9, 1.3)
    base = {"tandem": 1.6, "racer": 1.02}.get(kind, 1.1) + random.uniform(-0.04, 0.1)
    rear, front = np.array([-base / 2, radius]), np.array([base / 2, radius])
    crank = rear + (0.45, -0.07 + 0.3 - radius * 0.8)
    height = random.uniform(0.42, 0.55)
    tall = crank + height * np.array([-0.28, 0.96])
    lean = np.array([-0.3, 0.95])
    crown = front + lean * (radius + 0.06) + (0.03, 0)
    head = front + lean * max(radius + 0.2, tall[1] - radius + random.uniform(-0.04, 0.1))
    tube_width = random.uniform(0.035, 0.05) + 0.012 * (kind == "mountain")
    black, shiny = lighter((0, 0, 0), random.uniform(0.1, 0.2)), lighter(_CHROME, 0.1)
    guards = kind in ("town", "folding") or random.random() < 0.2
    shapes = []
    rubber = mix((38, 38, 40), (150, 110, 70), random.choice([0, 0, 0, 0.7]))
    for hub in (rear, front):
        shapes += _spoked(random, hub, radius, tyre, rubber, shiny)
    if guards:
        fender = trim if random.random() < 0.4 else colour
        for hub, start, stop in ((rear, 10, 190), (front, -5 + 40, 175)):
            arc = around(hub, radius + 0.035, start, stop, 14)
            shapes += [flat(arc, 0, fender, 0.04)]
    shapes += _pedals(random, crank, -1, black, shiny)
    shapes += _bars(random, head, kind, -1, black, shiny)
    shapes += _frame(random, kind, (rear, front, crank, tall, crown, head), tube_width, colour)
    saddle = tall + (crank - tall) / np.linalg.norm(crank - tall) * -random.uniform(0.08, 0.2)
    shapes += tube(_at(0, tall, saddle), 0.03, shiny)
    shapes += _saddle(saddle, mix(black, (120, 70, 40), random.choice([0, 0, 0.9])))
    if kind == "tandem":
        second = crank + (0.62, 0)
        post = second + (-0.12, height)
        shapes += tube(_at(0, post, post + (-0.03, 0.12)), 0.03, shiny)
        shapes += _saddle(post + (-0.03, 0.12), black)
        shapes += _pedals(random, second, 1, black, shiny)
    shapes += _luggage(random, kind, rear, front, head, trim, black)
    shapes += [stroke(_at(0.03, crank + (0, 0.08), rear + (0, 0.035)), 0.012, black)]
    shapes += [stroke(_at(0.03, crank - (0, 0.08), rear - (0, 0.035)), 0.012, black)]
    shapes += [ring(crank, 0.095, 0.065, 0.03, shiny if random.random() < 0.6 else black)]
    shapes += _pedals(random, crank, 1, black, shiny)
    shapes += _bars(random, head, kind, 1, black, shiny)
    return shapes


def _at(z: float, *points: np.ndarray) -> np.ndarray:
    """Points of the side view, at depth z."""
    return np.column_stack([np.array(points), np.full(len(points), z)])


def _spoked(random, hub, radius, tyre, rubber, metal) -> list[Shape]:
    """A wheel of a bicycle: tyre, rim, spokes."""
    inner = radius - tyre
    count = int(random.integers(8, 15)) * 2
    turn = random.uniform(0, 360 / count)
    rim = around(hub, inner, turn, turn + 360, count)
    thin = lighter(metal, random.uniform(-0.35, 0.2))
    spokes = [
        stroke(np.array([[*hub, 0.02 * (-1) ** k], [*end, 0]]), 0.006, thin)
        for k, end in enumerate(rim)
    ]
    return [
        ring(hub, radius, inner, -tyre / 3, rubber),
        *spokes,
        ring(hub, inner + 0.005, inner - 0.02, 0, metal),
        ring(hub, radius, inner, tyre / 3, rubber),
        disc(hub, 0.03, 0.02, lighter(metal, -0.3)),
    ]


def _frame(random, kind, joints, width, colour) -> list[Shape]:
    """The tubes between hubs, crank, saddle and head: a diamond, or a low step-through."""
    rear, front, crank, tall, crown, head = joints
    low = kind == "town" and random.random() < 0.6
    low = low or kind == "folding"
    seat = tall
    if low:
        middle = mix(tuple(crank), tuple(tall), random.uniform(0.25, 0.5))
        bend = (mix(tuple(crown), middle, 0.5) + np.array([0.02, -0.05])) * (1, 1)
        top = rounded([mix(tuple(crown), tuple(head), 0.55), bend, middle], 2, closed=False)
    else:
        top = np.array([seat, mix(tuple(crown), tuple(head), 0.85)])
    if kind == "tandem":
        second = crank + (0.62, 0)
        post = second + (-0.12, tall[1] - crank[1])
        extra = tube(_at(0, second, post), width, colour) + tube(
            _at(0, crank, second), width, colour
        )
        down = tube(_at(0, second, mix(tuple(crown), tuple(head), 0.2)), width, colour)
    else:
        extra = []
        down = tube(_at(0, crank, mix(tuple(crown), tuple(head), 0.2)), width * 1.15, colour)
    fork = rounded([crown, mix(tuple(crown), tuple(front), 0.6) - np.array([0.02, 0]), front], 1)
    fork = [crown, mix(tuple(crown), tuple(front), 0.6) - np.array([0.015, 0]), front]
    stay = width * 0.6
    shapes = [stroke(_at(-0.05, crank, rear), stay, lighter(colour, -0.2))]
    shapes += [stroke(_at(-0.05, seat, rear), stay, lighter(colour, -0.2))]
    shapes += [stroke(_at(-0.05, *fork), stay, lighter(colour, -0.2))]
    shapes += extra + down
    shapes += tube(_at(0, crank, seat), width, colour)
    shapes += tube(_at(0, *top), width, colour)
    shapes += tube(_at(0.05, crank, rear), stay, colour)
    shapes += tube(_at(0.05, seat, rear), stay, colour)
    shapes += tube(_at(0.05, *fork), width * 0.75, colour)
    return shapes + tube(_at(0, crown, head), width * 1.2, colour)


def _saddle(place, colour) -> list[Shape]:
    x, y = place
    outline = [(-0.14, 0.03), (-0.12, -0.01), (0.0, 0.0), (0.13, 0.01), (0.14, 0.03), (0, 0.04)]
    outline = rounded(np.array(outline) + (x, y), 1)
    return slab(outline, 0.05, 0.1, colour)


def _pedals(random, crank, side, black, metal) -> list[Shape]:
    angle = np.radians(30) if side > 0 else np.radians(210)
    end = crank + 0.17 * np.array([np.cos(angle), np.sin(angle)])
    z = 0.07 * side
    treads = [(*(end - (0.05, 0)), z + 0.05 * side), (*(end + (0.05, 0)), z + 0.05 * side)]
    return [stroke(_at(z, crank, end), 0.025, metal), stroke(treads, 0.035, black)]


def _bars(random, head, kind, side, black, metal) -> list[Shape]:
    """One half of the handlebar."""
    x, y = head
    stem = np.array([x + 0.04, y + 0.07])
    z = 0.27 * side
    if kind == "racer":
        path = [(*stem, 0), (stem[0] + 0.02, stem[1], z * 0.7), (stem[0] + 0.12, stem[1], z * 0.75)]
        path += [
            (stem[0] + 0.15, stem[1] - 0.07, z * 0.75),
            (stem[0] + 0.1, stem[1] - 0.14, z * 0.75),
        ]
        path += [(stem[0] + 0.0, stem[1] - 0.15, z * 0.75)]
        points = rounded(path, 1, closed=False)
        return [stroke(points, 0.035, black)]
    if kind in ("mountain",):
        path = [(*stem, 0), (stem[0] - 0.03, stem[1] + 0.02, z * 1.1)]
        grip = [path[-1], (stem[0] - 0.06, stem[1] + 0.02, z * 1.1)]
    else:
        path = [(*stem, 0), (stem[0] + 0.05, stem[1] + 0.06, z * 0.5)]
        path += [(stem[0] - 0.08, stem[1] + 0.07, z)]
        grip = [path[-1], (stem[0] - 0.2, stem[1] + 0.05, z)]
    shapes = [stroke(rounded(path, 1, closed=False), 0.028, metal), stroke(grip, 0.042, black)]
    if side > 0:
        shapes = [*tube(_at(0, head, stem), 0.03, metal), *shapes]
    return shapes


def _luggage(random, kind, rear, front, head, trim, black) -> list[Shape]:
    """A basket, a rack, a bag, lamps, or nothing."""
    shapes = []
    x, y = rear
    if kind in ("town", "folding", "tandem") and random.random() < 0.8:
        level = y + y + 0.09
        shapes += [stroke(_at(0, (x - 0.2, level), (x + 0.2, level)), 0.025, black)]
        shapes += [stroke(_at(0.03, (x - 0.12, level), (x, y)), 0.014, black)]
        shapes += [
            stroke(_at(0.03, (x - 0.2, level), (x - 0.22, level - 0.04)), 0.05, (200, 30, 30))
        ]
        if random.random() < 0.35:
            bag = rounded(
                [(x - 0.2, level), (x - 0.17, y + 0.1), (x + 0.1, y + 0.1), (x + 0.14, level)], 1
            )
            shapes += slab(bag, 0.16, 0.12, trim)
    if kind == "town" and random.random() < 0.5:
        left, low = head[0] + 0.06, head[1] - 0.16
        basket = np.array(
            [(left + 0.03, low), (left + 0.27, low), (left + 0.32, low + 0.23), (left, low + 0.23)]
        )
        tone = mix((150, 105, 60), black, random.choice([0, 0, 0.8]))
        shapes += slab(basket, 0.15, 0.3, tone)
        for share in (0.2, 0.4, 0.6, 0.8):
            lines = basket[[0, 1]] + share * (basket[[3, 2]] - basket[[0, 1]])
            shapes += [flat(lines, 0.151, lighter(tone, -0.35), 0.012)]
            lines = np.stack(
                [
                    basket[0] + share * (basket[1] - basket[0]),
                    basket[3] + share * (basket[2] - basket[3]),
                ]
            )
            shapes += [flat(lines, 0.151, lighter(tone, 0.25), 0.012)]
    elif kind != "racer" and random.random() < 0.5:
        shapes += slab(around(head + (0.1, -0.08), 0.05, count=8), 0.04, 0.08, (225, 225, 210))
    return shapes


# Motorcycles and scooters.


def _fat(random, hub, radius, tyre, metal) -> list[Shape]:
    """A wheel of a motorcycle: wide tyre, cast spokes, brake disc."""
    rubber = lighter((0, 0, 0), random.uniform(0.1, 0.17))
    inner = radius - tyre
    shapes = [disc(hub, radius, -0.07, rubber)] if random.random() < 0 else []
    for z in (-0.07, -0.035, 0.0, 0.035):
        shapes += [ring(hub, radius, inner, z, rubber)]
    count = int(random.choice([3, 5, 6, 10]))
    for end in around(hub, inner, random.uniform(0, 90), random.uniform(0, 90) + 360, count):
        shapes += [stroke(_at(0.0, hub, end), 0.12 / count + 0.012, metal)]
    shapes += [ring(hub, inner + 0.01, inner - 0.025, 0.03, metal)]
    shapes += [ring(hub, radius - 0.015, radius - 0.03, 0.06, lighter(rubber, 0.15))]
    shapes += [ring(hub, radius, inner, 0.07, rubber)]
    shapes += [ring(hub, radius - 0.02, radius - 0.04, 0.07, lighter(rubber, 0.12))]
    shapes += [ring(hub, inner * 0.62, inner * 0.42, 0.08, (165, 168, 172))]
    return [*shapes, disc(hub, 0.05, 0.08, (95, 97, 100))]


def motorcycle(random: np.random.Generator, colour: Colour, trim: Colour) -> list[Shape]:
    """A motorcycle: naked, a sports machine with a fairing, or a low cruiser."""
    kind = random.choice(["naked", "sport", "cruiser"])
    radius, tyre = random.uniform(0.29, 0.34), random.uniform(0.09, 0.13)
    base = random.uniform(1.36, 1.5) + 0.2 * (kind == "cruiser")
    rear, front = np.array([-base / 2, radius]), np.array([base / 2, radius])
    rake = 0.28 + 0.16 * (kind == "cruiser")
    head = np.array([front[0] - rake * 1.15, 0.9 + random.uniform(-0.04, 0.05)])
    metal = lighter(_CHROME, random.uniform(-0.5, 0.1))
    black = lighter((0, 0, 0), random.uniform(0.1, 0.2))
    seat = random.uniform(0.72, 0.8) - 0.1 * (kind == "cruiser")
    tail = rear[0] - random.uniform(0.0, 0.2)
    shapes = [stroke([(*front, -0.1), (*head, -0.1)], 0.055, metal)]
    shapes += [
        stroke(
            [(head[0] - 0.02, head[1] + 0.1, -0.1), (head[0] - 0.16, head[1] + 0.14, -0.36)],
            0.035,
            black,
        )
    ]
    shapes += _fat(random, rear, radius, tyre, metal)
    shapes += _fat(random, front, radius, tyre, metal)
    shapes += [stroke(_at(0.09, rear, (-0.1, 0.36)), 0.07, lighter(metal, -0.35))]
    guard = around(front, radius + 0.03, 40, 150, 10)
    shapes += [flat(guard, z, colour, 0.05) for z in (-0.05, 0.05)]
    shapes += _engine(random, metal, black)
    pipe = [(0.22, 0.5), (0.27, 0.25), (0.0, 0.2), (-0.25, 0.25), (rear[0] - 0.1, 0.33)]
    if random.random() < 0.3:
        pipe = [(0.2, 0.5), (0.26, 0.3), (0.1, 0.24), (-0.25, 0.4), (rear[0] - 0.1, 0.62)]
    pipe = rounded(pipe, 2, closed=False)
    shapes += tube(_at(0.16, *pipe[:-3]), 0.06, metal)
    shapes += tube(_at(0.17, *pipe[-6:]), 0.11, lighter(metal, random.choice([-0.4, 0.2])))
    shapes += _tail(random, kind, tail, seat, colour, black)
    tank = [
        (head[0] - 0.02, head[1] + 0.02),
        (head[0] - 0.2, head[1] + 0.1),
        (-0.02, seat + 0.14),
        (-0.12, seat + 0.02),
    ]
    tank += [(-0.1, seat - 0.06), (head[0] - 0.15, seat - 0.08), (head[0] - 0.02, head[1] - 0.12)]
    shapes += slab(rounded(tank, 2), 0.13, 0.26, colour)
    stripe = rounded(np.array(tank) * (0.7, 0.35) + (0.05, 0.65 * np.mean([p[1] for p in tank])), 1)
    shapes += [flat(stripe, 0.132, mix(colour, trim, 0.7))]
    shapes += [
        flat(
            [(-0.06, seat + 0.1), (head[0] - 0.2, head[1] + 0.05)],
            0.131,
            lighter(colour, 0.6),
            0.025,
        )
    ]
    if kind == "sport":
        shapes += _fairing(random, front, head, seat, colour, trim)
    shapes += tube(_at(0.1, front, head), 0.06, metal)
    shapes += tube(
        _at(0.1, front, mix(tuple(front), tuple(head), 0.45)), 0.08, lighter(metal, -0.3)
    )
    if kind != "sport":
        lamp = head + (0.1, -0.02)
        shapes += slab(
            around(lamp, 0.085, count=14), 0.08, 0.16, black if random.random() < 0.5 else metal
        )
        shapes += slab(around(lamp + (0.06, 0), 0.07, count=14), 0.07, 0.14, (240, 240, 225))
    if kind != "sport" and random.random() < 0.3:
        glass = [(head[0] + 0.08, head[1] + 0.08), (head[0] - 0.08, head[1] + 0.42)]
        shapes += [
            Shape(
                np.array(
                    [(*glass[0], 0.18), (*glass[1], 0.2), (*glass[1], -0.2), (*glass[0], -0.18)]
                ),
                (200, 215, 225, 150),
            )
        ]
    rise = 0.12 + 0.12 * (kind == "cruiser")
    bar = [
        (head[0] - 0.02, head[1] + 0.08, 0.1),
        (head[0] - 0.05, head[1] + rise, 0.25),
        (head[0] - 0.18, head[1] + rise, 0.36),
    ]
    shapes += [
        stroke(bar, 0.035, metal),
        stroke([bar[2], (bar[2][0] - 0.12, bar[2][1] - 0.01, 0.38)], 0.05, black),
    ]
    mirror = (bar[1][0] + 0.02, bar[1][1] + 0.14)
    shapes += [stroke([bar[2], (*mirror, 0.36)], 0.018, black), disc(mirror, 0.055, 0.36, black)]
    return shapes


def _engine(random, metal, black) -> list[Shape]:
    block = lighter(metal, -0.45)
    shapes = slab(
        rounded([(-0.25, 0.28), (0.2, 0.22), (0.28, 0.4), (0.15, 0.52), (-0.2, 0.52)], 1),
        0.14,
        0.28,
        block,
    )
    shapes += slab(
        [(-0.02, 0.48), (0.16, 0.46), (0.2, 0.72), (0.02, 0.74)], 0.11, 0.22, lighter(metal, -0.2)
    )
    for share in np.linspace(0.1, 0.9, 5):
        y = 0.48 + 0.24 * share
        shapes += [flat([(-0.03 + 0.04 * share, y), (0.18 + 0.04 * share, y)], 0.115, black, 0.018)]
    shapes += slab([(-0.25, 0.5), (-0.02, 0.5), (0.0, 0.76), (-0.3, 0.72)], 0.09, 0.18, black)
    shapes += [
        disc((-0.1, 0.36), 0.1, 0.145, metal),
        disc((-0.1, 0.36), 0.075, 0.146, lighter(metal, -0.25)),
    ]
    return [*shapes, disc((0.12, 0.36), 0.075, 0.145, lighter(metal, 0.2))]


def _tail(random, kind, tail, seat, colour, black) -> list[Shape]:
    """Seat, rear mudguard and lamp."""
    up = 0.12 if kind == "sport" else random.uniform(-0.02, 0.05)
    cover = [
        (0.0, seat - 0.02),
        (-0.35, seat - 0.02),
        (tail - 0.1, seat + up),
        (tail - 0.05, seat + up - 0.08),
        (-0.35, seat - 0.2),
        (-0.15, seat - 0.18),
    ]
    shapes = slab(rounded(cover, 2), 0.1, 0.2, colour)
    bench = [
        (-0.02, seat + 0.03),
        (-0.1, seat + 0.06),
        (-0.4, seat + 0.05),
        (tail + 0.02, seat + up + 0.08),
        (tail, seat + up),
        (-0.35, seat - 0.03),
        (-0.05, seat - 0.03),
    ]
    shapes += slab(
        rounded(bench, 2), 0.12, 0.24, mix(black, (110, 70, 45), random.choice([0, 0, 0.8]))
    )
    shapes += slab(
        around((tail - 0.08, seat + up - 0.04), 0.04, count=8), 0.06, 0.12, (205, 35, 30)
    )
    return shapes


def _fairing(random, front, head, seat, colour, trim) -> list[Shape]:
    x, y = head
    shell = [
        (x + 0.3, y - 0.05),
        (x + 0.12, y + 0.12),
        (x - 0.1, y + 0.1),
        (0.05, seat - 0.1),
        (-0.05, 0.3),
        (0.15, 0.22),
        (0.38, 0.35),
        (x + 0.12, 0.62),
    ]
    shapes = slab(rounded(shell, 2), 0.17, 0.34, colour)
    shapes += [
        flat(
            rounded([(x + 0.2, y - 0.05), (0.05, seat - 0.2), (0.0, 0.34), (0.15, 0.34)], 2),
            0.172,
            trim,
        )
    ]
    glass = [(x + 0.2, y + 0.04), (x + 0.02, y + 0.26), (x - 0.1, y + 0.14), (x - 0.05, y + 0.08)]
    shapes += slab(rounded(glass, 1), 0.12, 0.24, (70, 85, 100))
    return [
        *shapes,
        *slab(
            rounded(
                [
                    (x + 0.29, y - 0.05),
                    (x + 0.24, y + 0.03),
                    (x + 0.12, y - 0.01),
                    (x + 0.2, y - 0.06),
                ],
                1,
            ),
            0.174,
            0.348,
            (240, 240, 225),
        ),
    ]


def scooter(random: np.random.Generator, colour: Colour, trim: Colour) -> list[Shape]:
    """A scooter: small wheels, a leg shield, a low floor."""
    radius, tyre = random.uniform(0.22, 0.26), random.uniform(0.075, 0.1)
    base = random.uniform(1.22, 1.4)
    rear, front = np.array([-base / 2, radius]), np.array([base / 2, radius])
    metal = lighter(_CHROME, random.uniform(-0.3, 0.1))
    black = lighter((0, 0, 0), random.uniform(0.1, 0.2))
    head = np.array([front[0] - 0.22, 0.98])
    bar = [(*head, -0.05), (head[0] - 0.1, head[1] + 0.06, -0.34)]
    shapes = [stroke(bar, 0.04, metal)]
    shapes += _fat(random, rear, radius, tyre, metal)
    shapes += _fat(random, front, radius, tyre, metal)
    shapes += tube(_at(0.09, front, (front[0] - 0.08, 0.5)), 0.05, metal)
    shield = [
        (head[0] + 0.06, head[1] - 0.02),
        (head[0] - 0.04, head[1]),
        (0.22, 0.36),
        (-0.1, 0.3),
        (-0.1, 0.22),
        (0.28, 0.22),
        (front[0] - 0.18, 0.42),
    ]
    shapes += slab(rounded(shield, 1), 0.17, 0.34, colour)
    fender = around(front, radius + 0.04, 10, 165, 12)
    shapes += slab(
        np.concatenate([fender, [(front[0] - 0.14, radius + 0.1), (front[0] + 0.1, radius + 0.1)]]),
        0.09,
        0.18,
        colour,
    )
    body = [
        (-0.05, 0.28),
        (-0.02, 0.66),
        (-0.3, 0.72),
        (rear[0] - 0.22, 0.68),
        (rear[0] - 0.26, 0.55),
        (rear[0] - 0.05, 0.38),
        (-0.4, 0.26),
    ]
    shapes += slab(rounded(body, 2), 0.18, 0.36, colour)
    shapes += [
        flat(
            rounded([(-0.2, 0.4), (-0.2, 0.58), (rear[0] - 0.1, 0.58), (rear[0], 0.45)], 2),
            0.182,
            mix(colour, trim, 0.6),
        )
    ]
    shapes += slab(
        rounded(
            [
                (-0.02, 0.66),
                (0.0, 0.72),
                (-0.3, 0.77),
                (rear[0] - 0.15, 0.76),
                (rear[0] - 0.2, 0.68),
            ],
            1,
        ),
        0.14,
        0.28,
        mix(black, (120, 80, 50), random.choice([0, 0.8])),
    )
    shapes += slab(around((rear[0] - 0.24, 0.58), 0.045, count=8), 0.06, 0.12, (205, 35, 30))
    shapes += tube(_at(0.2, (-0.3, 0.22), (rear[0] - 0.1, 0.27)), 0.09, metal)
    shapes += slab(around(head + (0.06, 0.03), 0.085, count=12), 0.1, 0.2, colour)
    shapes += slab(around(head + (0.1, 0.03), 0.065, count=12), 0.07, 0.14, (240, 240, 225))
    bar = [(*head, 0.05), (head[0] - 0.1, head[1] + 0.06, 0.34)]
    mirror = (head[0] - 0.02, head[1] + 0.24)
    shapes += [
        stroke(bar, 0.04, metal),
        stroke([bar[1], (bar[1][0] - 0.1, bar[1][1], 0.36)], 0.05, black),
    ]
    return [
        *shapes,
        stroke([bar[1], (*mirror, 0.34)], 0.018, black),
        disc(mirror, 0.055, 0.34, black),
    ]

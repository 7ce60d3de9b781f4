"""Black-box functions that optimisers are compared on in the literature, with their usual boxes; all to be minimised.

Surjanovic and Bingham, "Virtual Library of Simulation Experiments", gives formulas and minima.
"""

import math
from dataclasses import dataclass
from typing import Callable


@dataclass(frozen=True)
class Function:
    name: str
    box: tuple
    value: Callable
    least: float


def branin(x):
    a, b = x
    return (b - 5.1 / (4 * math.pi ** 2) * a * a + 5 / math.pi * a - 6) ** 2 + 10 * (1 - 1 / (8 * math.pi)) * math.cos(a) + 10


ALPHA = (1.0, 1.2, 3.0, 3.2)
A3 = ((3, 10, 30), (.1, 10, 35), (3, 10, 30), (.1, 10, 35))
P3 = ((.3689, .1170, .2673), (.4699, .4387, .7470), (.1091, .8732, .5547), (.0381, .5743, .8828))
A6 = ((10, 3, 17, 3.5, 1.7, 8), (.05, 10, 17, .1, 8, 14), (3, 3.5, 1.7, 10, 17, 8), (17, 8, .05, 10, .1, 14))
P6 = ((.1312, .1696, .5569, .0124, .8283, .5886), (.2329, .4135, .8307, .3736, .1004, .9991),
      (.2348, .1451, .3522, .2883, .3047, .6650), (.4047, .8828, .8732, .5743, .1091, .0381))


def hartmann(steepness, peaks):
    def value(x):
        return -sum(weight * math.exp(-sum(a * (each - p) ** 2 for a, p, each in zip(slopes, peak, x)))
                    for weight, slopes, peak in zip(ALPHA, steepness, peaks))
    return value


def ackley(x):
    n = len(x)
    return (-20 * math.exp(-.2 * math.sqrt(sum(each * each for each in x) / n))
            - math.exp(sum(math.cos(2 * math.pi * each) for each in x) / n) + 20 + math.e)


def rosenbrock(x):
    return sum(100 * (b - a * a) ** 2 + (1 - a) ** 2 for a, b in zip(x, x[1:]))


def levy(x):
    w = [1 + (each - 1) / 4 for each in x]
    return (math.sin(math.pi * w[0]) ** 2
            + sum((each - 1) ** 2 * (1 + 10 * math.sin(math.pi * each + 1) ** 2) for each in w[:-1])
            + (w[-1] - 1) ** 2 * (1 + math.sin(2 * math.pi * w[-1]) ** 2))


def michalewicz(x):
    return -sum(math.sin(each) * math.sin((i + 1) * each * each / math.pi) ** 20 for i, each in enumerate(x))


def styblinski_tang(x):
    return sum(each ** 4 - 16 * each ** 2 + 5 * each for each in x) / 2


def griewank(x):
    product = 1
    for i, each in enumerate(x):
        product *= math.cos(each / math.sqrt(i + 1))
    return sum(each * each for each in x) / 4000 - product + 1


def six_hump_camel(x):
    a, b = x
    return (4 - 2.1 * a * a + a ** 4 / 3) * a * a + a * b + (-4 + 4 * b * b) * b * b


ALL = (
    Function("Branin", ((-5, 10), (0, 15)), branin, 0.39788736),
    Function("Hartmann-3", ((0, 1),) * 3, hartmann(A3, P3), -3.862783),
    Function("Hartmann-6", ((0, 1),) * 6, hartmann(A6, P6), -3.322369),
    Function("Ackley-5", ((-32.768, 32.768),) * 5, ackley, 0),
    Function("Rosenbrock-4", ((-5, 10),) * 4, rosenbrock, 0),
    Function("Levy-4", ((-10, 10),) * 4, levy, 0),
    Function("Michalewicz-5", ((0, math.pi),) * 5, michalewicz, -4.687658),
    Function("Styblinski-Tang-4", ((-5, 5),) * 4, styblinski_tang, -39.16617 * 4),
    Function("Griewank-3", ((-600, 600),) * 3, griewank, 0),
    Function("Six-hump camel", ((-3, 3), (-2, 2)), six_hump_camel, -1.031628454),
)

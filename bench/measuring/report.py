"""The figures of a run: each with its peer, ratio and aim."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figure:
    name: str
    value: str
    peer: str
    ratio: str
    aim: str
    met: bool


class Report:
    def __init__(self):
        self.figures = []

    def ratio(self, name, value, unit, peer_name, peer, ratio, least):
        """A figure that is to be at least so many times its peer's."""
        self.add(Figure(name, number(value) + " " + unit, "%s %s %s" % (peer_name, number(peer), unit),
                        "%.2fx" % ratio, ">= %gx" % least, ratio >= least))

    def below(self, name, value, unit, limit, peer="", ratio=""):
        """A figure that is to stay below a limit."""
        self.add(Figure(name, number(value) + " " + unit, peer, ratio, "< %g %s" % (limit, unit), value < limit))

    def above(self, name, value, unit, least):
        """A figure that is to reach a value of its own."""
        self.add(Figure(name, number(value) + " " + unit, "", "", ">= %g %s" % (least, unit), value >= least))

    def add(self, figure):
        self.figures.append(figure)
        print(line(figure), flush=True)

    def rows(self):
        return [asdict(figure) for figure in self.figures]

    def summary(self):
        missed = [figure.name for figure in self.figures if not figure.met]
        return "%d figures, %d at their aim%s" % (
            len(self.figures), len(self.figures) - len(missed), "; not: " + "; ".join(missed) if missed else "")


def number(value):
    return "%.0f" % value if value >= 100 else "%.3g" % value


def line(figure):
    return "%-46s %14s   %-28s %8s   %-12s %s" % (
        figure.name, figure.value, figure.peer, figure.ratio, figure.aim, "met" if figure.met else "NOT MET")

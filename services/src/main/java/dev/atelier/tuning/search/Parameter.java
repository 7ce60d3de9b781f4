package dev.atelier.tuning.search;

import java.util.List;

/**
 * One tunable hyperparameter with the coordinates that stand for it in a model's input: one in [0, 1] for a number, one
 * for each value of a categorical parameter (one-hot).
 */
public sealed interface Parameter {

  String name();

  /** How many coordinates it takes. */
  int width();

  /** Writes the coordinates of the value at {@code u}, uniform in [0, 1). */
  void draw(double u, double[] into, int at);

  /** Writes the coordinates of a value; one outside the range is moved to its nearest end. */
  void encode(String value, double[] into, int at);

  /** Whether a value can be encoded without being moved. */
  boolean holds(String value);

  /** The value that coordinates stand for, as text that {@link #encode} reads back. */
  String decode(double[] from, int at);

  /** How many values it can take; infinite for a continuous range. */
  double values();

  /** One of its values, of which there are finitely many, by its place from 0. */
  String value(long place);

  /** A real number. */
  record Continuous(String name, double min, double max, Scaling scaling) implements Parameter {
    @Override
    public int width() {
      return 1;
    }

    @Override
    public void draw(double u, double[] into, int at) {
      into[at] = u;
    }

    @Override
    public void encode(String value, double[] into, int at) {
      into[at] = scaling.toUnit(Math.clamp(Double.parseDouble(value), min, max), min, max);
    }

    @Override
    public boolean holds(String value) {
      return inside(value, min, max);
    }

    @Override
    public String decode(double[] from, int at) {
      return Double.toString(scaling.fromUnit(from[at], min, max));
    }

    @Override
    public double values() {
      return max > min ? Double.POSITIVE_INFINITY : 1;
    }

    @Override
    public String value(long place) {
      return Double.toString(min);
    }
  }

  /** An integer. Each has an equal share of [0, 1] on the scale, the ends included. */
  record Whole(String name, long min, long max, Scaling scaling) implements Parameter {
    @Override
    public int width() {
      return 1;
    }

    private double low() {
      return scaling == Scaling.LINEAR ? min - 0.5 : min;
    }

    private double high() {
      return scaling == Scaling.LINEAR ? max + 0.5 : scaling == Scaling.LOGARITHMIC ? max + 1.0 - 1e-9 : max;
    }

    private long at(double unit) {
      double value = scaling.fromUnit(unit, low(), high());
      return Math.clamp(scaling == Scaling.LINEAR ? Math.round(value) : (long) Math.floor(value), min, max);
    }

    @Override
    public void draw(double u, double[] into, int at) {
      encode(Long.toString(at(u)), into, at);
    }

    @Override
    public void encode(String value, double[] into, int at) {
      double whole = Math.clamp((double) Math.round(Double.parseDouble(value)), min, max);
      // the middle of its share, so that rounding errors stay inside of it
      into[at] = scaling.toUnit(scaling == Scaling.LOGARITHMIC ? Math.min(whole + 0.5, high()) : whole, low(), high());
    }

    @Override
    public boolean holds(String value) {
      return inside(value, min, max) && Double.parseDouble(value) == Math.rint(Double.parseDouble(value));
    }

    @Override
    public String decode(double[] from, int at) {
      return Long.toString(at(from[at]));
    }

    @Override
    public double values() {
      return max - min + 1.0;
    }

    @Override
    public String value(long place) {
      return Long.toString(min + place);
    }
  }

  /** One of some texts, without an order. */
  record Choice(String name, List<String> choices) implements Parameter {
    public Choice {
      choices = List.copyOf(choices);
    }

    @Override
    public int width() {
      return choices.size();
    }

    @Override
    public void draw(double u, double[] into, int at) {
      put((int) Math.min(u * choices.size(), choices.size() - 1.0), into, at);
    }

    private void put(int chosen, double[] into, int at) {
      for (int i = 0; i < choices.size(); i++) {
        into[at + i] = i == chosen ? 1 : 0;
      }
    }

    @Override
    public void encode(String value, double[] into, int at) {
      put(choices.indexOf(value), into, at);
    }

    @Override
    public boolean holds(String value) {
      return choices.contains(value);
    }

    @Override
    public String decode(double[] from, int at) {
      int best = 0;
      for (int i = 1; i < choices.size(); i++) {
        best = from[at + i] > from[at + best] ? i : best;
      }
      return choices.get(best);
    }

    @Override
    public double values() {
      return choices.size();
    }

    @Override
    public String value(long place) {
      return choices.get((int) place);
    }
  }

  private static boolean inside(String value, double min, double max) {
    try {
      double number = Double.parseDouble(value);
      return number >= min && number <= max;
    } catch (NumberFormatException e) {
      return false;
    }
  }
}

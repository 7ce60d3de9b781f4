package dev.atelier.tuning.search;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tunable hyperparameters of a tuning job, and points of them as coordinates. */
public record SearchSpace(List<Parameter> parameters) {
  public SearchSpace {
    parameters = List.copyOf(parameters);
  }

  /** How many coordinates a point has. */
  public int width() {
    return parameters.stream().mapToInt(Parameter::width).sum();
  }

  /** How many different points there are; infinite with a continuous parameter. */
  public double combinations() {
    return parameters.stream().mapToDouble(Parameter::values).reduce(1, (a, b) -> a * b);
  }

  /** The values of one of finitely many points by its place from 0; the last parameter's values change fastest. */
  Map<String, String> combination(long place) {
    Map<String, String> values = new LinkedHashMap<>();
    parameters.forEach(each -> values.put(each.name(), ""));
    long rest = place;
    for (Parameter each : parameters.reversed()) {
      long count = (long) each.values();
      values.put(each.name(), each.value(rest % count));
      rest /= count;
    }
    return values;
  }

  /** The point at one uniform number in [0, 1) for each parameter. */
  public double[] draw(double[] uniforms) {
    double[] point = new double[width()];
    int at = 0;
    for (int i = 0; i < parameters.size(); i++) {
      parameters.get(i).draw(uniforms[i], point, at);
      at += parameters.get(i).width();
    }
    return point;
  }

  /** The values that a point stands for, by name. */
  public Map<String, String> decode(double[] point) {
    Map<String, String> values = new LinkedHashMap<>();
    int at = 0;
    for (Parameter each : parameters) {
      values.put(each.name(), each.decode(point, at));
      at += each.width();
    }
    return values;
  }

  /** The point of values, which {@link #holds} says can be one; numbers outside a range count as its ends. */
  public double[] encode(Map<String, String> values) {
    double[] point = new double[width()];
    int at = 0;
    for (Parameter each : parameters) {
      each.encode(values.get(each.name()), point, at);
      at += each.width();
    }
    return point;
  }

  /** Whether every parameter has a value here that lies in its range. */
  public boolean holds(Map<String, String> values) {
    return parameters.stream().allMatch(each -> values.containsKey(each.name()) && each.holds(values.get(each.name())));
  }

  /** The nearest point that stands for values: integers in the middle of their share, one choice of each category. */
  double[] snap(double[] point) {
    return encode(decode(point));
  }

  /** For every coordinate the place of its parameter. */
  int[] owners() {
    int[] owners = new int[width()];
    int at = 0;
    for (int i = 0; i < parameters.size(); i++) {
      for (int k = 0; k < parameters.get(i).width(); k++) {
        owners[at++] = i;
      }
    }
    return owners;
  }
}

package dev.atelier.tuning;

import dev.atelier.jobs.ProgramText;
import dev.atelier.kernel.Fault;
import dev.atelier.models.sagemaker.AutoParameter;
import dev.atelier.models.sagemaker.CategoricalParameterRange;
import dev.atelier.models.sagemaker.ContinuousParameterRange;
import dev.atelier.models.sagemaker.IntegerParameterRange;
import dev.atelier.models.sagemaker.ParameterRanges;
import dev.atelier.tuning.search.Parameter;
import dev.atelier.tuning.search.Scaling;
import dev.atelier.tuning.search.SearchSpace;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** ParameterRanges, whose numbers are texts, as a space to search. */
final class Ranges {
  private static final double REACH = 10;

  private Ranges() {}

  /**
   * The space of ranges.
   *
   * @throws Fault ValidationException: a range cannot be searched
   */
  static SearchSpace space(ParameterRanges ranges) {
    List<Parameter> parameters = new ArrayList<>();
    ranges.integerParameterRanges().forEach(each -> parameters.add(whole(each)));
    ranges.continuousParameterRanges().forEach(each -> parameters.add(continuous(each)));
    ranges.categoricalParameterRanges().forEach(each -> parameters.add(choice(each)));
    ranges.autoParameters().forEach(each -> parameters.add(guessed(each)));
    Set<String> names = new HashSet<>();
    for (Parameter each : parameters) {
      if (!names.add(each.name())) {
        throw Fault.validation("The hyperparameter [" + each.name() + "] is specified more than once. Hyperparameter "
            + "names must be unique among the parameter ranges.");
      }
    }
    return new SearchSpace(parameters);
  }

  private static Parameter whole(IntegerParameterRange range) {
    long min = integer(range.name(), "MinValue", range.minValue());
    long max = integer(range.name(), "MaxValue", range.maxValue());
    return new Parameter.Whole(range.name(), min, max,
        scaling(range.name(), range.scalingType(), min, max, range.minValue(), range.maxValue()));
  }

  private static Parameter continuous(ContinuousParameterRange range) {
    double min = number(range.name(), "MinValue", range.minValue());
    double max = number(range.name(), "MaxValue", range.maxValue());
    return new Parameter.Continuous(range.name(), min, max,
        scaling(range.name(), range.scalingType(), min, max, range.minValue(), range.maxValue()));
  }

  private static Parameter choice(CategoricalParameterRange range) {
    if (new HashSet<>(range.values()).size() < range.values().size()) {
      throw Fault.validation("The categorical hyperparameter [" + range.name() + "] has one value more than once.");
    }
    ProgramText.require("the categorical hyperparameter [" + range.name() + "]", range.values());
    return new Parameter.Choice(range.name(), range.values());
  }

  private static Scaling scaling(String name, String type, double min, double max, String minText, String maxText) {
    if (min > max) {
      throw Fault.validation("The MinValue [" + minText + "] of the hyperparameter [" + name
          + "] must not be greater than its MaxValue [" + maxText + "].");
    }
    return switch (type == null ? "Auto" : type) {
      case "Linear" -> Scaling.LINEAR;
      case "Logarithmic" -> {
        if (min <= 0) {
          throw Fault.validation("The hyperparameter [" + name + "] has Logarithmic scaling, which is for ranges of "
              + "values greater than 0: its MinValue is [" + minText + "].");
        }
        yield Scaling.LOGARITHMIC;
      }
      case "ReverseLogarithmic" -> {
        if (min < 0 || max >= 1) {
          throw Fault.validation("The hyperparameter [" + name + "] has ReverseLogarithmic scaling, which is for "
              + "ranges within 0 <= x < 1: its range is [" + minText + ", " + maxText + "].");
        }
        yield Scaling.REVERSE_LOGARITHMIC;
      }
      default -> Scaling.auto(min, max);
    };
  }

  private static double number(String name, String member, String text) {
    try {
      double value = Double.parseDouble(text.strip());
      if (Double.isFinite(value) && Math.abs(value) < 1e300) {
        return value;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw Fault.validation("The " + member + " [" + text + "] of the hyperparameter [" + name + "] is not a number.");
  }

  private static long integer(String name, String member, String text) {
    try {
      long value = Long.parseLong(text.strip());
      if (Math.abs(value) <= 1L << 52) {
        return value;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw Fault.validation("The " + member + " [" + text + "] of the integer hyperparameter [" + name
        + "] is not an integer of at most 52 bits.");
  }

  /** A range around the value that a user thinks is right: ten times less to ten times more, by magnitude. */
  private static Parameter guessed(AutoParameter hint) {
    String text = hint.valueHint().strip();
    if (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")) {
      boolean capital = Character.isUpperCase(text.charAt(0));
      return new Parameter.Choice(hint.name(), capital ? List.of("True", "False") : List.of("true", "false"));
    }
    try {
      long whole = Long.parseLong(text);
      long least = whole >= 1 ? Math.max(1, Math.round(whole / REACH)) : Math.round(whole * REACH);
      long most = whole >= 1 ? Math.round(whole * REACH) : Math.max(1, Math.round(whole / REACH));
      return new Parameter.Whole(hint.name(), least, most, Scaling.auto(least, most));
    } catch (NumberFormatException notWhole) {
      return guessedReal(hint.name(), text);
    }
  }

  private static Parameter guessedReal(String name, String text) {
    double value;
    try {
      value = Double.parseDouble(text);
    } catch (NumberFormatException e) {
      // a word of which no other is known
      return new Parameter.Choice(name, List.of(text));
    }
    if (!Double.isFinite(value) || Math.abs(value) > 1e250) {
      throw Fault.validation("The ValueHint [" + text + "] of the hyperparameter [" + name + "] is not a number.");
    }
    if (value <= 0) {
      return new Parameter.Continuous(name, value * REACH, value == 0 ? 1 : value / REACH, Scaling.LINEAR);
    }
    // a share or a rate stays one
    double most = value <= 1 ? Math.min(1, value * REACH) : value * REACH;
    return new Parameter.Continuous(name, value / REACH, most, Scaling.auto(value / REACH, most));
  }
}

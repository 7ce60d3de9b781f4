package dev.atelier.runtimes;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What runs for an image's tag: of the environments that can be built with the Pythons of this machine the one with the
 * framework's version that the tag asks for, in its minor version; else the next newer one; else the newest.
 *
 * @param interpreter of the Pythons that the environment can have the one that the tag asks for; else the machine's
 *     own; else that of AWS's image; else the newest
 */
record Choice(Variant variant, Interpreter interpreter) {

  /**
   * @param framework the framework's version that the tag asks for
   * @param python the minor version of Python that it asks for
   * @param theirs the one that AWS's image has
   * @param interpreters the Pythons of this machine
   * @return empty when nothing can be built with these Pythons
   */
  static Optional<Choice> of(List<Variant> variants, Optional<Version> framework, Optional<String> python,
      Optional<String> theirs, List<Interpreter> interpreters) {
    List<Variant> buildable = variants.stream().filter(each -> interpreters.stream().anyMatch(each::runsOn)).toList();
    return variant(buildable, framework, interpreters).map(variant -> new Choice(variant, interpreters.stream()
        .filter(variant::runsOn).min(nearest(python, theirs)).orElseThrow()));
  }

  private static Optional<Variant> variant(List<Variant> buildable, Optional<Version> framework,
      List<Interpreter> interpreters) {
    if (buildable.size() < 2) {
      return buildable.stream().findFirst();
    }
    Comparator<Variant> older = Comparator.comparing(Variant::number);
    Predicate<Variant> onOwn = each -> interpreters.stream().filter(Interpreter::own).anyMatch(each::runsOn);
    if (framework.isEmpty()) {
      return buildable.stream().max(Comparator.comparing(onOwn::test).thenComparing(older));
    }
    Version asked = framework.get();
    return buildable.stream().filter(each -> each.number().isOf(asked))
            .max(asked.namesMinor() ? older : Comparator.comparing(onOwn::test).thenComparing(older))
        .or(() -> buildable.stream().filter(each -> each.number().compareTo(asked) > 0).min(older))
        .or(() -> buildable.stream().max(older));
  }

  private static Comparator<Interpreter> nearest(Optional<String> python, Optional<String> theirs) {
    return Comparator.<Interpreter, Boolean>comparing(each -> !python.equals(Optional.of(each.version())))
        .thenComparing(each -> !each.own())
        .thenComparing(each -> !theirs.equals(Optional.of(each.version())))
        .thenComparing(each -> Version.of(each.version()), Comparator.reverseOrder());
  }
}

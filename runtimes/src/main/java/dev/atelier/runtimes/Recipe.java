package dev.atelier.runtimes;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How an image of the catalogue is made here.
 *
 * @param name of the recipe
 * @param repositories image repositories, of any account and region, that it stands for
 * @param requirements the locked list of its Python packages; null where there are several
 * @param provides the framework as people call it, with its version where the tag names none
 * @param version the framework's version; empty where the tag names no framework, and where it follows Python's; null
 *     where there are several
 * @param several the environments of a framework that is there in several versions; null where it is not
 * @param versionAfter the word in the tag that the version follows, such as {@code transformers}; null where the tag
 *     begins with it
 * @param debianProvides what the distribution packages bring, which the tag begins with; null where that is the
 *     framework
 * @param images what AWS's own images of some tags have; null where the tag says it all
 * @param distribution the package whose version is the framework's, where that follows Python's; null elsewhere
 * @param trainingModule the function of a framework's toolkit that starts scripts, {@code module:function}; null for
 *     sagemaker-training's own
 * @param servingModule the model server's application, where it is not the one that takes a script's functions
 * @param debian distribution packages, the framework's first; null where PyPI has it in a fitting size
 * @param withoutDebian the locked list to use where there are no such packages
 * @param jars the project file of jars that the image has beside its Python packages, on the server's own Java; null
 *     where there are none
 * @param algorithm the program on the JVM that stands in the image for its built-in algorithm; null where there is none
 * @param algorithmProvides what the algorithm is built on, for people
 * @param algorithmVersion that library's version
 * @param metrics what the algorithm measures on each of its data sets; null for nothing
 * @param metricSets the data sets' names
 * @param metricRegex finds a measure in the algorithm's log, {@code SET} and {@code METRIC} standing for the names
 */
record Recipe(
    String name,
    List<String> repositories,
    String requirements,
    String provides,
    String version,
    List<Variant> several,
    String versionAfter,
    String debianProvides,
    List<AwsImage> images,
    String distribution,
    String trainingModule,
    String servingModule,
    List<String> debian,
    String withoutDebian,
    String jars,
    String algorithm,
    String algorithmProvides,
    String algorithmVersion,
    List<String> metrics,
    List<String> metricSets,
    String metricRegex) {

  /** Every recipe, from the data file beside this class. */
  static List<Recipe> all() {
    try (InputStream in = Recipe.class.getResourceAsStream("recipes.json")) {
      return new ObjectMapper().readValue(in, new TypeReference<List<Recipe>>() {});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The environments that it can be made in, one at least. */
  List<Variant> variants() {
    return several == null ? List.of(new Variant(version, requirements, null)) : several;
  }

  /** The framework's version that an image's tag asks for. */
  Optional<Version> asked(ImageUri uri) {
    return versionAfter == null ? uri.version() : uri.version(versionAfter);
  }

  /** What AWS's own image has, where that is known. */
  Optional<AwsImage> image(ImageUri uri) {
    return images == null ? Optional.empty() : images.stream().filter(each -> each.isOf(uri)).findFirst();
  }

  /** The framework with its version, for people. */
  String provided(String version) {
    return provides.contains(version) ? provides : provides + " " + version;
  }

  /** A version with the Pythons that it runs on, for people. */
  String described(Variant variant) {
    String version = provided(variant.version());
    return variant.pythons() == null || variant.pythons().equals(variant.version())
        ? version : version + " on Python " + variant.pythons();
  }

  /** The package whose version is the framework's; empty where that does not follow Python's. */
  Optional<String> versionedBy() {
    return Optional.ofNullable(distribution);
  }

  /** What sagemaker-training hands scripts over to; empty for itself. */
  Optional<String> trainedBy() {
    return Optional.ofNullable(trainingModule);
  }

  /** The model server's application in the image; empty for that of scripts with functions. */
  Optional<String> servedBy() {
    return Optional.ofNullable(servingModule);
  }

  /** The distribution packages to unpack; empty where the framework comes from PyPI. */
  List<String> debianPackages() {
    return debian == null ? List.of() : debian;
  }

  /** The project file of the image's jars; empty for an image without Java. */
  Optional<String> javaBeside() {
    return Optional.ofNullable(jars);
  }

  /** Regular expressions by metric, such as {@code validation:rmse}. */
  Map<String, String> algorithmMetrics() {
    Map<String, String> regexes = new LinkedHashMap<>();
    if (metrics != null) {
      for (String set : metricSets) {
        for (String metric : metrics) {
          regexes.put(set + ":" + metric, metricRegex.replace("SET", set).replace("METRIC", metric));
        }
      }
    }
    return regexes;
  }

  Optional<String> jvmAlgorithm() {
    return Optional.ofNullable(algorithm);
  }
}
